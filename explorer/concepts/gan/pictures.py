"""What a snapshot looks like when the generator makes images."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from explorer.concepts.gan.look import ImageSnapshot
from explorer.concepts.gan.measure import ImageYardstick, image_yardstick
from explorer.concepts.gan.panels import (
    along,
    distance_panel,
    level,
    loss_panel,
    share_panel,
    verdict_panel,
)
from explorer.concepts.gan.words import sentence
from explorer.scene import Curve, Flow, Images, Panel, Role, Scene

VIEWS: dict[str, str] = {
    "overview": "The whole game",
    "result": "What it makes",
    "curves": "Curves",
}
FLOWS = (
    Flow(0, 1, "G", "model"),
    Flow(1, 4, "images"),
    Flow(4, 5, "verdict", "rival"),
    Flow(5, 2, "slope", "rival"),
    Flow(2, 1, "change", "model"),
)


def image_scene(s: ImageSnapshot, view: str) -> Scene:
    """The snapshot in one of VIEWS; a view of the plane becomes the overview."""
    rule = image_yardstick(s.config.dataset)
    build: dict[str, Callable[[ImageSnapshot, ImageYardstick], Scene]] = {
        "result": result,
        "curves": curves,
    }
    return replace(
        build.get(view, overview)(s, rule),
        step=s.step,
        readings=rule.readings(s.marks),
        sentence=sentence(s, rule),
        unit="round",
    )


def overview(s: ImageSnapshot, rule: ImageYardstick) -> Scene:
    """Every part of the game, in the order in which the data flow."""
    return Scene(
        [
            tiles("Noise", s.noise, "neutral", f"{s.config.noise_size} random numbers each."),
            tiles("Made up", s.made, "model", "One from each square of noise."),
            tiles("What the judge wants", s.wanted, "rival", "More ink or less, by pixel."),
            distance_panel(s, rule),
            verdict_panel(s),
            loss_panel(s),
        ],
        rows=(3, 3),
        flows=FLOWS,
    )


def result(s: ImageSnapshot, rule: ImageYardstick) -> Scene:
    """Made-up images, and for each the real one that is most like it."""
    name = "Made up (averaged)" if s.config.keep else "Made up"
    return Scene(
        [
            tiles(name, s.averaged, "model", "By averaged weights." if s.config.keep else ""),
            tiles("Nearest real image", s.nearest, "real", "In the same places: alike, or copied?"),
        ]
    )


def curves(s: ImageSnapshot, rule: ImageYardstick) -> Scene:
    """Distance, coverage and losses over the run."""
    step = s.column("step")
    lines = [
        Curve("all digits", "truth", level(s, 1)),
        Curve("digits covered", "real", along(step, s.column("covered") / rule.groups)),
        Curve("judged right", "rival", along(step, s.column("right"))),
    ]
    caption = "At rest the judge is right about half of the images."
    shares = share_panel(s, "Coverage and verdict", lines, caption)
    return Scene([distance_panel(s, rule), shares, loss_panel(s)])


def tiles(title: str, pixels: np.ndarray, role: Role, caption: str) -> Panel:
    """Images in a square."""
    marks = [Images(title.lower(), role, pixels, columns=round(len(pixels) ** 0.5))]
    return Panel(title, marks, kind="images", xlim=None, ylim=None, caption=caption)
