"""Pictures of one code drawn in slow motion."""

import numpy as np

from explorer.concepts.latent_space.plane import ellipse
from explorer.concepts.latent_space.reparameterise import Moment, Scatter
from explorer.scene import (
    Arrows,
    Bars,
    Curve,
    Flow,
    Images,
    Limits,
    Mark,
    Panel,
    Points,
    Reading,
    Role,
    Scene,
)

ORDER = {"image": 0, "posterior": 1, "noise": 2, "code": 3, "decode": 4, "back": 5, "reach": 6}
SAID = {
    "image": "An image enters the encoder.",
    "posterior": "The encoder answers with a mean (cross) and a spread (ellipse) instead of one "
    "code: {mean}.",
    "noise": "The dice are thrown outside the network: eps from a standard normal, whatever the "
    "weights are.",
    "code": "The noise is stretched by sigma and moved to mu: z = mu + sigma eps. Nothing random "
    "is left inside, so z can be differentiated.",
    "decode": "The decoder turns z into an image; rebuilding costs {loss:.1f} nats here.",
    "back": "Backwards: the decoder says in which direction z should move for a better image.",
    "reach": "The same gradient reaches mu unchanged, and sigma times eps; the KL adds its own "
    "pull towards the prior.",
    "many": "200 draws at once. Both ways are right on average, but without the trick (score "
    "function) the estimates scatter {ratio:.1f} times as far.",
}


def slow_scene(moment: Moment) -> Scene:
    """Image, code, image; the noise that comes in, and the gradients that go back."""
    stage = ORDER.get(moment.stage, 7)
    panels = [
        _image("Image", "image", "real", moment.scatter.input, stage == 0),
        _noise(moment, stage),
        _code(moment, stage),
        _decoded(moment, stage),
        _bars(moment, stage),
        _cloud(moment.scatter, stage),
    ]
    flows = (
        Flow(0, 2, "mu and sigma", active=stage == 1),
        Flow(1, 2, "eps", active=stage == 3),
        Flow(2, 3, "z", "model", active=stage == 4),
        Flow(2, 4, "gradient", "rival", active=stage in (5, 6)),
    )
    ratio = spread(moment.scatter.scored) / spread(moment.scatter.pathwise)
    sentence = SAID[moment.stage].format(
        mean=", ".join(
            f"{m:.2f} ± {s:.2f}" for m, s in zip(moment.scatter.mean, moment.scatter.deviation)
        ),
        loss=moment.loss,
        ratio=ratio,
    )
    readings = [
        Reading(
            "scatter of a gradient from one draw, through z",
            spread(moment.scatter.pathwise),
            (0.0, 0.0),
            "no scatter",
            "nats",
        ),
        Reading(
            "the same by the score function",
            spread(moment.scatter.scored),
            (0.0, 0.0),
            "no scatter",
            "nats",
        ),
    ]
    title = f"draw {moment.draw}" if moment.draw else "many draws"
    return Scene(panels, moment.step, (4, 2), flows, readings, sentence, "stage", title)


def spread(estimates: np.ndarray) -> float:
    """Standard deviation over both units, root mean square."""
    return float(np.sqrt(estimates.var(axis=0).sum()))


def _code(moment: Moment, stage: int) -> Panel:
    scatter = moment.scatter
    limits = _around(scatter)
    marks: list[Mark] = []
    if stage >= 1:
        line = ellipse(scatter.mean, np.diag(scatter.deviation.astype(float) ** 2), 1.0)
        wide = ellipse(scatter.mean, np.diag(scatter.deviation.astype(float) ** 2), 2.0)
        marks += [
            Curve("sigma", "model", line, label=""),
            Curve("2 sigma", "model", wide, dashed=True, width=1, label=""),
            Points("mu", "model", scatter.mean[None], size=6, opacity=1, shape="cross"),
        ]
    if stage >= 3:
        way = moment.code - scatter.mean
        marks += [
            Arrows("sigma eps", "neutral", scatter.mean[None], way[None]),
            Points("z", "model", moment.code[None], size=6, opacity=1),
        ]
    if 5 <= stage <= 6:
        marks.append(_step("downhill for z", moment.code, -moment.pull, scatter))
    if stage == 6:
        marks.append(_step("downhill for mu", scatter.mean, -moment.for_mean, scatter))
    first, second = (unit + 1 for unit in scatter.units)
    which = f"Units {first} and {second}" if first != second else "The only unit"
    caption = f"{which}, close up: {limits[0][1] - limits[0][0]:.2g} wide."
    return Panel("Codes near this image", marks, "plane", *limits, caption=caption,
                 active=stage in (1, 3, 5))  # fmt: skip


def _step(name: str, start: np.ndarray, way: np.ndarray, scatter: Scatter) -> Arrows:
    """An arrow whose length shows direction only: two sigma."""
    size = float(np.linalg.norm(way)) or 1.0
    length = 2 * float(scatter.deviation.max())
    return Arrows(name, "rival", start[None], (way * length / size)[None].astype(np.float32))


def _image(
    title: str, name: str, role: Role, pixels: np.ndarray, active: bool, caption: str = ""
) -> Panel:
    marks = [Images(name, role, pixels, 1)]
    return Panel(title, marks, "images", caption=caption, active=active)


def _decoded(moment: Moment, stage: int) -> Panel:
    blank = np.zeros_like(moment.decoded)
    pixels = moment.decoded if stage >= 4 else blank
    caption = f"Costs {moment.loss:.1f} nats." if stage >= 4 else "Not decoded yet."
    return _image("Decoded from z", "decoded", "model", pixels, stage == 4, caption)


def _noise(moment: Moment, stage: int) -> Panel:
    limits: Limits = (-3.2, 3.2)
    marks: list[Mark] = [
        Curve("1 sd", "truth", ellipse(np.zeros(2), np.eye(2), 1.0), label=""),
        Curve("2 sd", "truth", ellipse(np.zeros(2), np.eye(2), 2.0), width=1, label=""),
    ]
    if stage >= 2:
        marks.append(Points("eps", "neutral", moment.noise[None], size=6, opacity=1))
    return Panel("Noise from outside", marks, "plane", limits, limits,
                 caption="Standard normal: knows nothing of image or weights.",
                 active=stage == 2)  # fmt: skip


def _bars(moment: Moment, stage: int) -> Panel:
    show = 1.0 if stage >= 6 else 0.0
    values = np.array([*moment.for_mean, *(moment.for_deviation * moment.scatter.deviation)])
    labels = ["mu 1", "mu 2", "log sigma 1", "log sigma 2"]
    marks = [Bars("gradient", "rival", (show * values).astype(np.float32), labels)]
    return Panel("Gradients that arrive", marks, "chart", None, None,
                 caption="Of the loss, in nats per unit.", active=stage == 6)  # fmt: skip


def _cloud(scatter: Scatter, stage: int) -> Panel:
    far = 1.1 * float(np.quantile(np.abs(np.concatenate([scatter.scored, scatter.pathwise])), 0.98))
    limits = (-far, far)
    marks: list[Mark] = []
    if stage == 7:
        marks = [
            Points("score function", "neutral", scatter.scored, size=2.5, shape="cross"),
            Points("through z", "rival", scatter.pathwise, size=2.5),
            Points(
                "average of 1,000", "truth", scatter.exact[None], size=6, opacity=1, shape="ring"
            ),
        ]
    caption = "Each dot: the gradient for mu from a single draw, in two ways."
    return Panel("Gradients for mu from 200 draws", marks, "plane", limits, limits,
                 caption=caption, active=stage == 7)  # fmt: skip


def _around(scatter: Scatter) -> tuple[Limits, Limits]:
    """A square around the mean that holds nearly all draws."""
    reach = 4 * float(scatter.deviation.max())
    (x, y) = (float(v) for v in scatter.mean)
    return (x - reach, x + reach), (y - reach, y + reach)
