"""The picture of a training run on points, and the sentence of its state."""

import numpy as np

from explorer.concepts.flows import scene_images
from explorer.concepts.flows.config import COUPLINGS, Config
from explorer.concepts.flows.measure import OUTSIDE, outside_high
from explorer.concepts.flows.train import LOWEST, PlaneSnapshot, Snapshot
from explorer.concepts.flows.train_images import ImageSnapshot
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.plane_view import DENSITY, NOISE_VIEW, circles, density, framed
from explorer.scene import Curve, Field, Panel, Points, Reading, Role, Scene

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "truth": "Exact density",
    "bridges": "Bridges between modes",
}
LARGEST_LOG_DET = 4.0  # nats, at the ends of the colours


def views(config: Config) -> dict[str, str]:
    """The views of a run: of images, the density is not known, and they can be interpolated."""
    if config.of_images:
        return VIEWS | {"truth": "Nearest images", "bridges": "Interpolation"}
    return VIEWS


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    if isinstance(snapshot, ImageSnapshot):
        return scene_images.scene(snapshot, view)
    build = {"truth": _truth, "bridges": _bridges}.get(view, _overview)
    return Scene(
        [framed(panel) for panel in build(snapshot)],
        step=snapshot.step,
        flows=scene_images.FLOWS if build is _overview else (),
        readings=_readings(snapshot),
        sentence=_sentence(snapshot),
    )


def deviations() -> Curve:
    """The circles of 1, 2 and 3 standard deviations of the noise."""
    return Curve("1, 2, 3 standard deviations", "truth", circles(), width=1, label="")


def grid_lines(mesh: np.ndarray) -> Curve:
    """The grid of noise, its transformed lines (n, 2) broken by NaN."""
    return Curve("grid of noise", "neutral", mesh, width=1, label="")


def log_det_field(values: np.ndarray, largest: float = LARGEST_LOG_DET) -> Field:
    """A log-determinant: neutral where areas keep their size."""
    meaning = "contracts | expands"
    return Field("log-determinant", values, -largest, largest, ("model", "real"), meaning=meaning)


def _overview(s: PlaneSnapshot) -> list[Panel]:
    return [
        Panel(
            "Training data",
            [Points("training data", "real", s.fixed.real, classes=s.fixed.classes)],
            caption="Points x, coloured by class.",
        ),
        Panel(
            "Transformed to noise",
            [
                deviations(),
                Points("noise of the data", "real", s.as_noise, classes=s.fixed.classes,
                       interpolated=True),
            ],
            xlim=NOISE_VIEW,
            ylim=NOISE_VIEW,
            caption="z = f(x). A perfect flow makes it standard normal.",
        ),
        Panel(
            "Samples",
            [
                grid_lines(s.mesh),
                Points("samples", "model", s.samples, opacity=0.9, interpolated=True),
            ],
            caption="x = f⁻¹(z). Each cell of the grid holds the same share of the noise.",
        ),
        Panel(
            "Learnt density",
            [_learnt(s)],
            caption="By the change of variables, exact for this flow.",
        ),
        _gap(s),
    ]  # fmt: skip


def _truth(s: PlaneSnapshot) -> list[Panel]:
    high = 0.5 * s.fixed.peak
    error = Field(
        "learnt minus exact density", s.density - s.fixed.density, -high, high, ("real", "model"),
        meaning="too low | too high",
    )  # fmt: skip
    return [
        Panel("Learnt density", [_learnt(s)], caption="Of the flow, by the change of variables."),
        Panel(
            "Exact density",
            [density("exact density", s.fixed.density, s.fixed.peak, "truth")],
            caption="Of the data, in closed form.",
        ),
        Panel("Error of the density", [error], caption="Learnt minus exact density."),
        Panel(
            "Log-determinant",
            [log_det_field(s.log_det)],
            caption="How much areas expand on the way to noise, as a logarithm.",
        ),
        _gap(s),
    ]


def _bridges(s: PlaneSnapshot) -> list[Panel]:
    return [
        Panel(
            "Learnt log-density",
            [_log_density("learnt log-density", s.log_density, "model")],
            caption="In logarithms, thin bridges between the modes become visible.",
        ),
        Panel(
            "Exact log-density",
            [_log_density("exact log-density", s.fixed.log_density, "truth")],
            caption="Of the data: between the modes there is next to nothing.",
        ),
        Panel(
            "Grid of noise",
            [grid_lines(s.mesh), Points("samples", "model", s.samples, interpolated=True)],
            caption="Continuous: the lines stretch, but stay connected.",
        ),
        _gap(s),
    ]


def _learnt(s: PlaneSnapshot) -> Field:
    return density("learnt density", s.density, s.fixed.peak, "model")


def _log_density(name: str, values: np.ndarray, role: Role) -> Field:
    return Field(name, values, LOWEST, 0.5, ("neutral", role), meaning=DENSITY)


def _gap(s: PlaneSnapshot) -> Panel:
    steps, top = (0.0, float(s.config.steps)), max(0.5, 1.1 * s.fixed.normal_gap)
    return Panel(
        "Gap to the exact density",
        [
            Curve(COUPLINGS[s.config.coupling], "model", point(s.step, s.scores.gap), label="",
                  grows=True),
            Curve("exact density", "truth", level(steps, 0.0), label=""),
        ],
        kind="chart",
        xlim=steps,
        ylim=(-0.05 * top, top),
        xlabel="training step",
        ylabel="nats",
        caption="Mean of exact minus learnt log-density over held-out points.",
    )  # fmt: skip


def _readings(s: PlaneSnapshot) -> list[Reading]:
    mass = np.nan if s.scores.mass is None else s.scores.mass
    return [
        Reading(
            "gap to the exact density", s.scores.gap, (0.0, 0.0), "the exact density", "nats",
            help="The Kullback-Leibler divergence: how much less likely held-out points are under "
            "the flow than under the exact density, per point.",
        ),
        Reading(
            "samples outside the data", 100 * s.scores.outside,
            (0.0, 100 * outside_high(s.scores.samples)), "fresh points", "%",
            help="Share of samples where the exact density is so low that only "
            f"{100 * OUTSIDE:g} % of fresh points lie there.",
        ),
        Reading(
            "total mass", mass, None if s.scores.mass is None else (1.0, 1.0), "every density",
            better="neither",
            help="The integral of the learnt density over the plane, by quadrature, at the end of "
            "training. For a flow it is 1 by construction.",
        ),
    ]  # fmt: skip


def _sentence(s: PlaneSnapshot) -> str:
    gap, outside, ended = s.scores.gap, s.scores.outside, s.step == s.config.steps
    if s.step == 0:
        what = "begins near the identity" if s.config.coupling == "zuko" else "is the identity"
        return f"Untrained: the flow {what}, and its samples are those of the noise."
    much = f"{outside:.1%} of the samples lie outside the data"
    if not ended:
        return f"{gap:.3f} nats from the exact density; {much}."
    if s.config.layers == 1 and s.config.coupling != "zuko":
        return f"{gap:.2f} nats from the exact density: one layer transforms one coordinate only."
    if gap > 0.3:
        why = "not flexible enough, or trained too briefly"
        return f"{gap:.2f} nats from the exact density: {why}. {much}."
    if outside > 5 * OUTSIDE:
        return f"{gap:.3f} nats from the exact density. {much}: a smooth flow leaves some there."
    return f"Trained: {gap:.3f} nats from the exact density, and {much}."
