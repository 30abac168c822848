r"""Neural networks: layers of weighted sums and activations, trained by gradient descent.

    h_l = f(h_{l-1} W_l + b_l),  p(y = 1 | x) = sigmoid(h_L W + b),  theta <- theta - eta dL/dtheta

Here: `network` with its backward pass written out, `optimisers`, `edits` by hand, `train` the run
and `scene` what is seen: every unit as a map over the plane, beside the Bayes classifier.

Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors,
https://doi.org/10.1038/323533a0
"""

from explorer.concepts.neural_networks.backward import Backward, backward
from explorer.concepts.neural_networks.backward_scene import backward_scene
from explorer.concepts.neural_networks.config import Config
from explorer.concepts.neural_networks.model import Model, Trainer
from explorer.concepts.neural_networks.network import Network
from explorer.concepts.neural_networks.scene import VIEWS, scene
from explorer.concepts.neural_networks.train import Snapshot, train
from explorer.experiment import Experiment

__all__ = [
    "EXPERIMENTS",
    "VIEWS",
    "Config",
    "Model",
    "Network",
    "Snapshot",
    "Trainer",
    "scene",
    "train",
]

EXPERIMENTS = {
    "train": Experiment(train, Config, scene, VIEWS, label="Training", short={"steps": 12}),
    "backward": Experiment(
        backward, Backward, backward_scene, label="One backward pass", after="train"
    ),
}
