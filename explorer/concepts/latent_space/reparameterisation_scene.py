"""Pictures of one draw of a latent code and of the gradients that pass through it."""

import numpy as np

from explorer.concepts.latent_space.projection import ellipse
from explorer.concepts.latent_space.reparameterisation import (
    STAGES,
    Estimates,
    ReparameterisationSnapshot,
)
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

SENTENCES = {
    "image": "An image x enters the encoder.",
    "posterior": "The encoder returns the posterior q(z | x) instead of one code: its mean μ "
    "(cross) and its standard deviation σ (ellipse): {mean}.",
    "noise": "The noise ε is drawn outside the network, from a standard normal that does not "
    "depend on the weights.",
    "code": "z = μ + σ ε: the noise is scaled by σ and shifted by μ. Given ε, z is a "
    "differentiable function of μ and σ.",
    "decode": "The decoder maps z to an image; the reconstruction loss -log p(x | z) is "
    "{loss:.1f} nats for this draw.",
    "gradient": "Backpropagation: the gradient of the loss at z. The arrow shows its negative, the "
    "direction of descent.",
    "parameters": "By the chain rule the gradient reaches μ unchanged and σ multiplied by ε; the "
    "KL adds its own gradient, towards the prior.",
    "estimates": "200 draws. Both estimators are unbiased, but without the trick (score function) "
    "the standard deviation of one estimate is {ratio:.1f} times as large.",
}


def reparameterisation_scene(s: ReparameterisationSnapshot) -> Scene:
    """Image, code, image; the noise that comes in, and the gradients that go back."""
    estimates = s.estimates
    stage = STAGES.index(s.stage) if s.stage in STAGES else len(STAGES)
    panels = [
        _image("Image x", "image", "real", estimates.image, stage == 0, "Encoded to μ and σ."),
        _noise(s, stage),
        _code(s, stage),
        _decoded(s, stage),
        _bars(s, stage),
        _estimates(estimates, stage),
    ]
    flows = (
        Flow(0, 2, "μ and σ", active=stage == 1),
        Flow(1, 2, "ε", active=stage == 3),
        Flow(2, 3, "z", "model", active=stage == 4),
        Flow(2, 4, "gradient", "rival", active=stage in (5, 6)),
    )
    pathwise, score_function = spread(estimates.pathwise), spread(estimates.score_function)
    sentence = SENTENCES[s.stage].format(
        mean=", ".join(f"{m:.2f} ± {d:.2f}" for m, d in zip(estimates.mean, estimates.deviation)),
        loss=s.loss,
        ratio=score_function / pathwise,
    )
    readings = [
        Reading(
            f"standard deviation of one estimate: {name}",
            value,
            (0.0, 0.0),
            "no noise",
            "nats",
            help="Of the gradient with respect to μ from one draw, over both dimensions shown.",
        )
        for name, value in (("reparameterisation", pathwise), ("score function", score_function))
    ]
    title = f"draw {s.draw}" if s.draw else "200 draws"
    return Scene(panels, s.step, (4, 2), flows, readings, sentence, "stage", title)


def spread(estimates: np.ndarray) -> float:
    """Standard deviation of estimates (n, 2), summed in quadrature over both dimensions."""
    return float(np.sqrt(estimates.var(axis=0).sum()))


def _code(s: ReparameterisationSnapshot, stage: int) -> Panel:
    estimates = s.estimates
    limits = _around(estimates)
    covariance = np.diag(estimates.deviation.astype(float) ** 2)
    marks: list[Mark] = []
    if stage >= 1:
        line, wide = (ellipse(estimates.mean, covariance, each) for each in (1.0, 2.0))
        marks += [
            Curve("σ", "model", line, label=""),
            Curve("2σ", "model", wide, dashed=True, width=1, label=""),
            Points("μ", "model", estimates.mean[None], size=6, opacity=1, shape="cross"),
        ]
    if stage >= 3:
        offset = s.latent_code - estimates.mean
        marks += [
            Arrows("σ ε", "neutral", estimates.mean[None], offset[None]),
            Points("z", "model", s.latent_code[None], size=6, opacity=1),
        ]
    if 5 <= stage <= 6:
        marks.append(_descent("descent for z", s.latent_code, s.grad_z, estimates))
    if stage == 6:
        marks.append(_descent("descent for μ", estimates.mean, s.grad_mean, estimates))
    first, second = (each + 1 for each in estimates.dimensions)
    which = f"Dimensions {first} and {second}" if first != second else "The only dimension"
    caption = f"{which}, enlarged: {limits[0][1] - limits[0][0]:.2g} wide."
    return Panel("Latent space near x", marks, "plane", *limits, caption=caption,
                 active=stage in (1, 3, 5))  # fmt: skip


def _descent(name: str, start: np.ndarray, gradient: np.ndarray, estimates: Estimates) -> Arrows:
    """The negative gradient as an arrow of fixed length: it shows the direction only."""
    norm = float(np.linalg.norm(gradient)) or 1.0
    length = 2 * float(estimates.deviation.max())
    return Arrows(name, "rival", start[None], (-gradient * length / norm)[None].astype(np.float32))


def _image(
    title: str, name: str, role: Role, pixels: np.ndarray, active: bool, caption: str
) -> Panel:
    marks = [Images(name, role, pixels, 1)]
    return Panel(title, marks, "images", caption=caption, active=active)


def _decoded(s: ReparameterisationSnapshot, stage: int) -> Panel:
    pixels = s.decoded if stage >= 4 else np.zeros_like(s.decoded)
    caption = f"Loss: {s.loss:.1f} nats." if stage >= 4 else "Not decoded yet."
    return _image("Decoded from z", "decoded", "model", pixels, stage == 4, caption)


def _noise(s: ReparameterisationSnapshot, stage: int) -> Panel:
    limits: Limits = (-3.2, 3.2)
    marks: list[Mark] = [
        Curve("1σ", "truth", ellipse(np.zeros(2), np.eye(2), 1.0), label=""),
        Curve("2σ", "truth", ellipse(np.zeros(2), np.eye(2), 2.0), width=1, label=""),
    ]
    if stage >= 2:
        marks.append(Points("ε", "neutral", s.noise[None], size=6, opacity=1))
    return Panel("Noise ε", marks, "plane", limits, limits,
                 caption="Standard normal, whatever x and the weights are.",
                 active=stage == 2)  # fmt: skip


def _bars(s: ReparameterisationSnapshot, stage: int) -> Panel:
    values = np.array([*s.grad_mean, *(s.grad_deviation * s.estimates.deviation)])
    shown = (values if stage >= 6 else 0 * values).astype(np.float32)
    names = [str(each + 1) for each in s.estimates.dimensions]
    if s.estimates.dimensions[0] == s.estimates.dimensions[1]:
        names[1] = "-"
    labels = [f"{of} {each}" for of in ("μ", "log σ") for each in names]
    marks = [Bars("gradient", "rival", shown, labels)]
    return Panel("Gradients of the loss", marks, "chart", None, None, ylabel="nats",
                 caption="With respect to μ and log σ, from this one draw.",
                 active=stage == 6)  # fmt: skip


def _estimates(estimates: Estimates, stage: int) -> Panel:
    both = np.abs(np.concatenate([estimates.score_function, estimates.pathwise]))
    far = 1.1 * float(np.quantile(both, 0.98))
    limits = (-far, far)
    marks: list[Mark] = []
    if stage == len(STAGES):
        average = estimates.average[None]
        marks = [
            Points("score function", "neutral", estimates.score_function, size=2.5, shape="cross"),
            Points("reparameterisation", "rival", estimates.pathwise, size=2.5),
            Points("average of 1,000", "truth", average, size=6, opacity=1, shape="ring"),
        ]
    return Panel("Gradient estimates from 200 draws", marks, "plane", limits, limits,
                 caption="Each dot: the gradient with respect to μ from one draw.",
                 active=stage == len(STAGES))  # fmt: skip


def _around(estimates: Estimates) -> tuple[Limits, Limits]:
    """A square around the mean that holds nearly all draws."""
    reach = 4 * float(estimates.deviation.max())
    (x, y) = (float(v) for v in estimates.mean)
    return (x - reach, x + reach), (y - reach, y + reach)
