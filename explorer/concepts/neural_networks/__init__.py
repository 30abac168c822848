r"""Neural networks: layers of weighted sums and activations, trained by gradient descent.

    h_l = f(h_{l-1} W_l + b_l),  p(y = 1 | x) = sigmoid(h_L W + b),  theta <- theta - eta dL/dtheta

Here: `network` with its backward pass written out, `optimisers`, `edits` by hand, `train` the run
and `scene` what is seen: every unit as a map over the plane, beside the Bayes classifier.
`backward` follows one gradient number by number; the other files are one phenomenon each, beside
its exact line.

Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors,
https://doi.org/10.1038/323533a0
"""

from explorer.concepts.neural_networks import claims
from explorer.concepts.neural_networks.backward import Backward, backward
from explorer.concepts.neural_networks.backward_scene import backward_scene
from explorer.concepts.neural_networks.conditioning import (
    Conditioning,
    conditioning,
    conditioning_scene,
)
from explorer.concepts.neural_networks.config import Config
from explorer.concepts.neural_networks.convolution import (
    Convolution,
    convolution,
    convolution_scene,
)
from explorer.concepts.neural_networks.dead import Dead, dead, dead_scene
from explorer.concepts.neural_networks.depth import Depth, depth, depth_scene
from explorer.concepts.neural_networks.double_descent import (
    DoubleDescent,
    double_descent,
    double_descent_scene,
)
from explorer.concepts.neural_networks.model import Model, Trainer
from explorer.concepts.neural_networks.network import Network
from explorer.concepts.neural_networks.nine_seeds import NineSeeds, nine_seeds, nine_seeds_scene
from explorer.concepts.neural_networks.plateaus import Plateaus, plateaus, plateaus_scene
from explorer.concepts.neural_networks.recurrence import Recurrence, recurrence, recurrence_scene
from explorer.concepts.neural_networks.regularisers import (
    Regularisers,
    regularisers,
    regularisers_scene,
)
from explorer.concepts.neural_networks.scene import VIEWS, scene
from explorer.concepts.neural_networks.sharpness import Sharpness, sharpness, sharpness_scene
from explorer.concepts.neural_networks.train import Snapshot, train
from explorer.experiment import Experiment

__all__ = [
    "EXPERIMENTS", "VIEWS", "Backward", "Conditioning", "Config", "Convolution", "Dead", "Depth",
    "DoubleDescent", "Model", "Network", "NineSeeds", "Plateaus", "Recurrence", "Regularisers",
    "Sharpness", "Snapshot", "Trainer", "backward", "backward_scene", "nine_seeds", "scene",
    "train",
]  # fmt: skip

EXPERIMENTS = {
    "train": Experiment(
        train, Config, scene, VIEWS, label="Training", short={"steps": 12},
        measures=claims.TRAINING,
    ),
    "backward": Experiment(
        backward, Backward, backward_scene, label="One backward pass", after="train",
        measures=claims.BACKWARD,
    ),
    "nine_seeds": Experiment(
        nine_seeds, NineSeeds, nine_seeds_scene, label="Nine seeds",
        short={"train": Config(steps=12)},
    ),
    "convolution": Experiment(
        convolution, Convolution, convolution_scene, label="Convolution", short={"steps": 6},
        given=claims.shared, measures=claims.CONVOLUTION,
    ),
    "recurrence": Experiment(
        recurrence, Recurrence, recurrence_scene, label="Recurrence", short={"steps": 6},
        given=claims.shared, measures=claims.RECURRENCE,
    ),
    "depth": Experiment(
        depth, Depth, depth_scene, label="Gradients by depth", short={"depth": 6},
        given=claims.shared, measures=claims.DEPTH,
    ),
    "dead": Experiment(
        dead, Dead, dead_scene, label="Born dead", short={"depth": 6, "networks": 100},
        given=claims.shared, measures=claims.DEAD,
    ),
    "sharpness": Experiment(
        sharpness, Sharpness, sharpness_scene, label="Edge of stability", short={"steps": 6},
        given=claims.shared, measures=claims.SHARPNESS,
    ),
    "conditioning": Experiment(
        conditioning, Conditioning, conditioning_scene, label="Condition number",
        short={"steps": 20}, measures=claims.CONDITIONING,
    ),
    "regularisers": Experiment(
        regularisers, Regularisers, regularisers_scene, label="Overfitting and regularisers",
        short={"steps": 6}, given=claims.shared, measures=claims.REGULARISERS,
    ),
    "double_descent": Experiment(
        double_descent, DoubleDescent, double_descent_scene, label="Double descent",
        short={"draws": 20}, given=claims.shared, measures=claims.DOUBLE_DESCENT,
    ),
    "plateaus": Experiment(
        plateaus, Plateaus, plateaus_scene, label="Plateaus of deep linear networks",
        short={"steps": 20}, given=claims.shared, measures=claims.PLATEAUS,
    ),
}  # fmt: skip
