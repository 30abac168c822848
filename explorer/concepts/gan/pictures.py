"""What a snapshot looks like when the generator makes images."""

from dataclasses import replace

import numpy as np

from explorer.concepts.gan.look import ImageSnapshot
from explorer.concepts.gan.measure import Yardstick, yardstick
from explorer.concepts.gan.scenes import along, distance_panel, loss_panel, verdict_panel
from explorer.concepts.gan.words import sentence
from explorer.scene import Curve, Flow, Images, Panel, Role, Scene

VIEWS: dict[str, str] = {
    "overview": "The whole game",
    "result": "What it makes",
    "curves": "Curves",
}
FLOWS = (
    Flow(0, 1, "z"),
    Flow(1, 5, "G(z)", "model"),
    Flow(5, 4, "verdict", "rival"),
    Flow(4, 2, "slope", "rival"),
    Flow(2, 1, "change", "model"),
)


def image_scene(s: ImageSnapshot, view: str) -> Scene:
    """The snapshot in one of VIEWS; a view of the plane becomes the overview."""
    rule = yardstick(s.config.dataset)
    build = {"result": result, "curves": curves}
    return replace(
        build.get(view, overview)(s, rule),
        step=s.step,
        readings=rule.readings(s.marks),
        sentence=sentence(s, rule),
        unit="round",
    )


def overview(s: ImageSnapshot, rule: Yardstick) -> Scene:
    return Scene(
        [
            tiles("Noise", s.noise, "neutral", f"{s.config.noise_size} random numbers each."),
            tiles("Made up", s.made, "model", "One image from each square of noise."),
            tiles("What the judge wants", s.wanted, "rival", "Lighter: more ink. Darker: less."),
            distance_panel(s, rule),
            loss_panel(s),
            verdict_panel(s),
        ],
        rows=(3, 3),
        flows=FLOWS,
    )


def result(s: ImageSnapshot, rule: Yardstick) -> Scene:
    name = "Made up (averaged)" if s.config.keep else "Made up"
    return Scene(
        [
            tiles(name, s.averaged, "model", "Each stands where its neighbour stands beside it."),
            tiles("Nearest real image", s.nearest, "real", "Alike, but not the same: not copied."),
        ]
    )


def curves(s: ImageSnapshot, rule: Yardstick) -> Scene:
    step, steps = s.column("step"), s.config.steps
    whole = np.array([[0, 1], [steps, 1]], np.float32)
    shares = Panel(
        "Coverage and verdict",
        [
            Curve("all digits", "truth", whole),
            Curve("digits covered", "real", along(step, s.column("covered") / rule.groups)),
            Curve("judged right", "rival", along(step, s.column("right"))),
        ],
        kind="chart",
        xlim=(0, steps),
        ylim=(0, 1.05),
        xlabel="round",
        caption="At rest the judge is right about half of the images.",
    )
    return Scene([distance_panel(s, rule), shares, loss_panel(s)])


def tiles(title: str, pixels: np.ndarray, role: Role, caption: str) -> Panel:
    marks = [Images(title.lower(), role, pixels, columns=8)]
    return Panel(title, marks, kind="images", xlim=None, ylim=None, caption=caption)
