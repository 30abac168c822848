"""What a snapshot looks like when the generator makes images."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from explorer.concepts.gan.measure_images import ImageReference, image_reference
from explorer.concepts.gan.record import ImageSnapshot
from explorer.concepts.gan.scene_common import (
    distance_panel,
    grown,
    histogram_panel,
    level,
    loss_panel,
    sentence,
    share_panel,
)
from explorer.scene import Curve, Flow, Images, Panel, Role, Scene

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "samples": "Samples and nearest images",
    "curves": "Curves",
}
FLOWS = (
    Flow(0, 1, "G(z)", "model"),
    Flow(1, 4, "images"),
    Flow(4, 5, "loss", "rival"),
    Flow(5, 2, "gradient", "rival"),
    Flow(2, 1, "update", "model"),
)


def image_scene(s: ImageSnapshot, view: str) -> Scene:
    """The snapshot in one of VIEWS; a view of the plane becomes the overview."""
    rule = image_reference(s.config.dataset)
    build: dict[str, Callable[[ImageSnapshot, ImageReference], Scene]] = {
        "samples": samples,
        "curves": curves,
    }
    return replace(
        build.get(view, overview)(s, rule),
        step=s.step,
        readings=rule.readings(s.scores),
        sentence=sentence(s, rule),
    )


def overview(s: ImageSnapshot, rule: ImageReference) -> Scene:
    """Every part of the training, in the order in which the data flow."""
    size = f"{s.config.latent_size} random numbers for each image."
    arrows = "Minus the gradient of L_G by pixel: more ink or less."
    return Scene(
        [
            tiles("Noise z", s.noise, "neutral", size),
            tiles("Generated images G(z)", s.fake, "model", "One from each square of noise."),
            tiles("Gradient at the images", s.arrows, "rival", arrows),
            distance_panel(s, rule),
            histogram_panel(s),
            loss_panel(s),
        ],
        rows=(3, 3),
        flows=FLOWS,
    )


def samples(s: ImageSnapshot, rule: ImageReference) -> Scene:
    """Generated images, and for each the training image that is most like it."""
    name = "Generated (averaged weights)" if s.config.ema_decay else "Generated"
    nearest = "In the same places: merely alike, or memorised?"
    return Scene(
        [
            tiles(name, s.averaged, "model", "36 samples of the generator."),
            tiles("Nearest training image", s.nearest, "real", nearest),
        ]
    )


def curves(s: ImageSnapshot, rule: ImageReference) -> Scene:
    """Distance, coverage and losses over the run."""
    lines = [
        Curve("all digits", "truth", level(s, 1)),
        grown(s, "digits covered", "real", s.scores.covered / rule.groups),
        grown(s, "accuracy of D", "rival", s.accuracy),
    ]
    caption = "At equilibrium the discriminator's accuracy is one half."
    shares = share_panel(s, "Coverage and accuracy", lines, caption)
    return Scene([distance_panel(s, rule), shares, loss_panel(s)])


def tiles(title: str, pixels: np.ndarray, role: Role, caption: str) -> Panel:
    """Images in a square."""
    marks = [Images(title.lower(), role, pixels, columns=round(len(pixels) ** 0.5))]
    return Panel(title, marks, kind="images", xlim=None, ylim=None, caption=caption)
