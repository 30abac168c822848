"""Flows: bend space, without tearing it, until data become noise; the way back makes new data.

`transforms` curves that can be run backwards; `coupling` layers and chains made of them; `build`
the networks of a config. `plane` trains on points, `images` on images. Processes over time, with a
trained model: `bend` goes layer by layer, `point` follows one point, `glide` goes without layers
(`continuous`). `scenes`, `pictures` and what is named after a process are what is seen.

Dinh, Sohl-Dickstein and Bengio (2017), Real NVP, https://arxiv.org/abs/1605.08803
Papamakarios et al. (2021), Normalizing flows, https://arxiv.org/abs/1912.02762
"""

from collections.abc import Generator

from explorer.concepts.flows import glide_scene as glides
from explorer.concepts.flows import images, pictures, plane, scenes
from explorer.concepts.flows.bend import BendConfig, bend
from explorer.concepts.flows.bend_scene import bend_scene
from explorer.concepts.flows.config import COUPLINGS, IMAGES, Config, usual
from explorer.concepts.flows.continuous import Continuous, training
from explorer.concepts.flows.glide import GlideConfig, glide
from explorer.concepts.flows.images import (
    ImageModel,
    ImageSnapshot,
    alone,
    bits_per_pixel,
    dequantised,
)
from explorer.concepts.flows.plane import PlaneModel, PlaneSnapshot
from explorer.concepts.flows.point import PointConfig, follow
from explorer.concepts.flows.point_scene import point_scene
from explorer.scene import Scene

Snapshot = PlaneSnapshot | ImageSnapshot
VIEWS = scenes.VIEWS
GLIDE_VIEWS = glides.VIEWS
glide_scene = glides.glide_scene

__all__ = [
    "COUPLINGS",
    "GLIDE_VIEWS",
    "IMAGES",
    "VIEWS",
    "BendConfig",
    "Config",
    "Continuous",
    "GlideConfig",
    "PointConfig",
    "Snapshot",
    "alone",
    "bend",
    "bend_scene",
    "bits_per_pixel",
    "dequantised",
    "follow",
    "glide",
    "glide_scene",
    "point_scene",
    "scene",
    "train",
    "training",
    "usual",
]


def train(config: Config) -> Generator[Snapshot, None, PlaneModel | ImageModel]:
    """Train a flow of points or of images."""
    if config.of_images:
        return (yield from images.train(config))
    return (yield from plane.train(config))


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    if isinstance(snapshot, ImageSnapshot):
        return pictures.image_scene(snapshot, view)
    return scenes.plane_scene(snapshot, view)
