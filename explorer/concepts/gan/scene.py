"""What a snapshot looks like: the overview, the discriminator, the samples, the curves."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from explorer.concepts.gan import scene_images
from explorer.concepts.gan.config import Config
from explorer.concepts.gan.measure import BLUR
from explorer.concepts.gan.record import ImageSnapshot, PlaneSnapshot, Snapshot
from explorer.concepts.gan.scene_common import (
    distance_panel,
    grown,
    histogram_panel,
    level,
    loss_panel,
    sentence,
    share_panel,
)
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.measure import PlaneReference, plane_reference
from explorer.concepts.shared.adversarial.panels import (
    FAKE,
    REAL,
    along,
    arrows,
    cloud,
    discriminator_field,
    plane_panel,
)
from explorer.scene import Bars, Curve, Field, Flow, Mesh, Panel, Points, Reading, Scene

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "discriminator": "Discriminator and optimal D*",
    "error": "Error of the discriminator",
    "samples": "Samples",
    "curves": "Curves",
}
CRITIC_VIEWS = {key: label for key, label in VIEWS.items() if key != "error"} | {
    "discriminator": "Critic and its gradient norm"
}
NOISE_LIMITS = (-3.3, 3.3)
FLOWS = (
    Flow(0, 1, "z"),
    Flow(1, 2, "G(z)", "model"),
    Flow(2, 5, "samples"),
    Flow(5, 4, "loss", "rival"),
    Flow(4, 1, "gradient", "model"),
)


def views(config: Config) -> dict[str, str]:
    """The views that there are: of images fewer, of a critic without an optimal D* others."""
    if config.of_images:
        return scene_images.VIEWS
    return VIEWS if LOSSES[config.loss].optimal else CRITIC_VIEWS


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of its `views`."""
    if isinstance(snapshot, ImageSnapshot):
        return scene_images.image_scene(snapshot, view)
    assert isinstance(snapshot, PlaneSnapshot)
    s, rule = snapshot, plane_reference(snapshot.config.dataset)
    build: dict[str, Callable[[PlaneSnapshot, PlaneReference], Scene]] = {
        "discriminator": discriminator,
        "error": error if knows_optimal(s) else discriminator,
        "samples": samples,
        "curves": curves,
    }
    readings = rule.readings(s.scores)
    if view in ("discriminator", "error") and knows_optimal(s):
        readings = [readings[0], discriminator_error(s)]
    return replace(
        build.get(view, overview)(s, rule),
        step=s.step,
        readings=readings,
        sentence=sentence(s, rule),
    )


def knows_optimal(s: PlaneSnapshot) -> bool:
    """Whether the optimal discriminator of this loss is known."""
    return LOSSES[s.config.loss].optimal is not None


def overview(s: PlaneSnapshot, rule: PlaneReference) -> Scene:
    """Every part of the training, in the order in which the data flow."""
    noise = Panel(
        "Noise z",
        [Mesh("grid", "neutral", s.lattice), Points("noise", "neutral", s.noise, size=2)],
        xlim=NOISE_LIMITS,
        ylim=NOISE_LIMITS,
        caption="Samples of a normal distribution, the same in every frame.",
    )
    generator = plane_panel(
        "Generator G",
        [Mesh("generator", "model", s.mesh)],
        "The grid of the noise after G: where it is fine, samples are dense.",
    )
    both = plane_panel(
        "Samples G(z) and training data",
        [
            discriminator_field("D(x)", s.output),
            cloud(REAL, "real", s.real),
            cloud(FAKE, "model", s.fake),
            arrows(s.arrows_at, s.arrows),
        ],
        "Arrows: the direction in which D would call a sample more real.",
    )
    return Scene(
        [noise, generator, both, distance_panel(s, rule), loss_panel(s), histogram_panel(s)],
        rows=(3, 3),
        flows=FLOWS,
    )


def discriminator(s: PlaneSnapshot, rule: PlaneReference) -> Scene:
    """What the discriminator has learnt, beside the optimal one."""
    clouds = [cloud(REAL, "real", s.real, True), cloud(FAKE, "model", s.fake, True)]
    learnt = plane_panel(
        "Discriminator D(x)",
        [discriminator_field("D(x)", s.output), *clouds],
        "What it has learnt so far.",
    )
    if not knows_optimal(s):
        meaning = "norm 0 | norm ≥ 2"
        norm = Field("norm", s.optimal, 0.0, 2.0, ("neutral", "rival"), meaning=meaning)
        optimal = plane_panel(
            "Norm of the critic's gradient",
            [norm, *clouds],
            "An optimal critic has norm 1 along the way from samples to data.",
        )
    else:
        formula = "sign(p − q)" if s.config.loss == "hinge" else "p / (p + q)"
        optimal = plane_panel(
            f"Optimal D*(x): {formula}",
            [discriminator_field("D*(x)", s.optimal), *clouds],
            f"p exact, q by quadrature, both blurred by {BLUR:g}.",
        )
    return Scene([learnt, optimal])


def error(s: PlaneSnapshot, rule: PlaneReference) -> Scene:
    """Where the discriminator is wrong, and whether its outputs are calibrated."""
    gap = Field(
        "D − D*",
        s.output - s.optimal,
        -0.5,
        0.5,
        meaning="D too low: −0.5 | D too high: +0.5",
    )
    diagonal = np.array([[0, 0], [1, 1]], np.float32)
    calibration = Panel(
        "Calibration of the discriminator",
        [
            Curve("optimal D*", "truth", diagonal),
            Curve("discriminator", "rival", calibration_curve(s)),
        ],
        kind="chart",
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel="optimal D*(x)",
        ylabel="D(x)",
        caption="On the dashed line D is calibrated; flatter, it is underconfident.",
    )
    clouds = [cloud(FAKE, "model", s.fake, True)]
    title = "Error of the discriminator: D − D*"
    return Scene([plane_panel(title, [gap, *clouds], "Pale: D is near D*."), calibration])


def calibration_curve(s: PlaneSnapshot, parts: int = 10) -> np.ndarray:
    """Mean D(x) by the value of the optimal discriminator, weighted by mass."""
    group = (s.optimal.ravel() * parts).astype(int).clip(0, parts - 1)
    mass = np.bincount(group, s.mass.ravel(), parts)
    means = [np.bincount(group, (s.mass * m).ravel(), parts) for m in (s.optimal, s.output)]
    filled = mass > 0.005 * mass.sum()
    return along(*(m[filled] / mass[filled] for m in means))


def discriminator_error(s: PlaneSnapshot) -> Reading:
    """How far D(x) is from the optimal discriminator's, where there are samples."""
    gap = float((np.abs(s.output - s.optimal) * s.mass).sum() / s.mass.sum())
    return Reading(
        "error of the discriminator",
        gap,
        (0.0, 0.0),
        "optimal D*",
        help="Mean absolute difference between D(x) and D*(x), over training data and samples "
        f"blurred by {BLUR:g}.",
    )


def samples(s: PlaneSnapshot, rule: PlaneReference) -> Scene:
    """The averaged generator's samples over training data, and their share per mode."""
    name = "generated (averaged)" if s.config.ema_decay else FAKE
    both = plane_panel(
        "Samples over training data",
        [cloud(REAL, "real", s.real), cloud(name, "model", s.averaged)],
        "By the moving average of the weights."
        if s.config.ema_decay
        else "By the current weights.",
    )
    if not rule.groups:
        return Scene([both, distance_panel(s, rule)])
    mode, gap = rule.dist.nearest_mode(torch.tensor(s.averaged))
    share = torch.bincount(mode[gap <= 3], minlength=rule.groups).numpy() / len(s.averaged)
    expected = rule.dist.mode_weights.numpy()
    names = tuple(str(k + 1) for k in range(rule.groups))
    modes = Panel(
        "Share of samples per mode",
        [
            Bars(FAKE, "model", share.astype(np.float32), names),
            Curve("data", "truth", along(np.arange(rule.groups), expected)),
        ],
        kind="chart",
        xlim=None,
        ylim=(0, 4 / rule.groups),
        xlabel="mode",
        ylabel="share of samples",
        caption="Dashed: the share of the mode in the data.",
    )
    return Scene([both, modes])


def curves(s: PlaneSnapshot, rule: PlaneReference) -> Scene:
    """Distance, coverage and losses over the run."""
    lines = [
        Curve("noise floor", "truth", level(s, rule.share[0])),
        grown(s, "high-quality samples", "model", s.scores.quality),
        grown(s, "accuracy of D", "rival", s.accuracy),
    ]
    if rule.groups:
        lines.append(grown(s, "modes covered", "real", s.scores.covered / rule.groups))
    caption = "At equilibrium the discriminator's accuracy is one half."
    shares = share_panel(s, "Coverage and quality", lines, caption)
    return Scene([distance_panel(s, rule), shares, loss_panel(s)])
