"""Diffusion: learn to remove a little noise, then remove it many times from pure noise.

`schedules` how fast data drown; `targets` what the network is asked for; `network` the two nets;
`samplers` ways from noise to data, for any denoiser. `plane` and `images` train; `space` is where
images are noised; `reader` and `quality` judge them. Processes over time: `forward` destroys,
`reverse` makes, `paint` begins with a drawing. `scenes`, `pictures` and what is named after a
process are what is seen.

Sohl-Dickstein et al. (2015), Deep Unsupervised Learning using Nonequilibrium Thermodynamics,
https://arxiv.org/abs/1503.03585
"""

from collections.abc import Generator

from explorer.concepts.diffusion import images, pictures, plane, scenes
from explorer.concepts.diffusion.config import IMAGES, Config, usual
from explorer.concepts.diffusion.forward import ForwardConfig, forward
from explorer.concepts.diffusion.forward_scene import forward_scene
from explorer.concepts.diffusion.images import ImageModel, ImageSnapshot
from explorer.concepts.diffusion.paint import PaintConfig, drawing, example, paint, painting
from explorer.concepts.diffusion.paint_scene import paint_scene
from explorer.concepts.diffusion.plane import PlaneModel, PlaneSnapshot
from explorer.concepts.diffusion.reverse import ReverseConfig, reverse
from explorer.concepts.diffusion.reverse_scene import reverse_scene
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.scene import Scene

Snapshot = PlaneSnapshot | ImageSnapshot
VIEWS = scenes.VIEWS

__all__ = [
    "IMAGES",
    "SCHEDULES",
    "VIEWS",
    "Config",
    "ForwardConfig",
    "PaintConfig",
    "ReverseConfig",
    "Snapshot",
    "drawing",
    "example",
    "forward",
    "forward_scene",
    "paint",
    "paint_scene",
    "painting",
    "reverse",
    "reverse_scene",
    "scene",
    "train",
    "usual",
]


def train(config: Config) -> Generator[Snapshot, None, PlaneModel | ImageModel]:
    """Train a denoiser of points or of images."""
    if config.of_images:
        return (yield from images.train(config))
    return (yield from plane.train(config))


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    if isinstance(snapshot, ImageSnapshot):
        return pictures.image_scene(snapshot, view)
    return scenes.plane_scene(snapshot, view)
