"""Normalizing flows: invertible transforms between data and noise, with an exact density.

A flow f transforms data to standard normal noise, its inverse generates data from noise. The
density follows from the change of variables, log p(x) = log N(f(x); 0, I) + log |det df/dx|, and
training maximises it. Coupling layers make f invertible and its determinant cheap; a continuous
flow has a velocity instead of layers.

Dinh, Sohl-Dickstein and Bengio (2017), Real NVP, https://arxiv.org/abs/1605.08803
Papamakarios et al. (2021), Normalizing flows, https://arxiv.org/abs/1912.02762
"""

from explorer.concepts.flows import claims
from explorer.concepts.flows.config import COUPLINGS, IMAGES, Config
from explorer.concepts.flows.coupling import Coupling, Flow
from explorer.concepts.flows.flow_matching import (
    FlowMatchingConfig,
    VelocityModel,
    flow_matching_scene,
    match,
)
from explorer.concepts.flows.measure_images import independent_bits
from explorer.concepts.flows.point import PointConfig, follow, point_scene
from explorer.concepts.flows.scene import VIEWS, scene, views
from explorer.concepts.flows.train import Snapshot, train
from explorer.concepts.flows.trajectory import (
    VIEWS as TRAJECTORY_VIEWS,
)
from explorer.concepts.flows.trajectory import (
    TrajectoryConfig,
    trajectory,
    trajectory_scene,
)
from explorer.concepts.flows.transform import TransformConfig, transform
from explorer.concepts.flows.transform_scene import transform_scene
from explorer.experiment import Experiment

EXPERIMENTS = {
    "train": Experiment(
        train, Config, scene, views, label="Training", short={"steps": 12},
        measures=claims.TRAINING,
    ),
    "transform": Experiment(
        transform, TransformConfig, transform_scene, label="Layer by layer", after="train"
    ),
    "point": Experiment(
        follow, PointConfig, point_scene, label="Change of variables", after="train",
        measures=claims.POINT,
    ),
    "flow_matching": Experiment(
        match, FlowMatchingConfig, flow_matching_scene, label="Flow matching", short={"steps": 12},
        given=claims.shared, measures=claims.MATCHING,
    ),
    "trajectory": Experiment(
        trajectory, TrajectoryConfig, trajectory_scene, TRAJECTORY_VIEWS,
        label="Trajectories of the ODE", after="flow_matching", short={"steps": 3},
        measures=claims.TRAJECTORY,
    ),
}  # fmt: skip

__all__ = [
    "COUPLINGS",
    "EXPERIMENTS",
    "IMAGES",
    "VIEWS",
    "Config",
    "Coupling",
    "Flow",
    "FlowMatchingConfig",
    "PointConfig",
    "Snapshot",
    "TrajectoryConfig",
    "TransformConfig",
    "VelocityModel",
    "follow",
    "independent_bits",
    "match",
    "scene",
    "train",
    "trajectory",
    "transform",
]
