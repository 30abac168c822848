"""Pictures of one moment of training."""

from collections.abc import Callable

import numpy as np

from explorer.concepts.latent_space import linear
from explorer.concepts.latent_space.plane import LIMITS, ellipse
from explorer.concepts.latent_space.reference import dataset
from explorer.concepts.latent_space.snapshot import REACH, SHEET, Snapshot
from explorer.concepts.latent_space.words import sentence
from explorer.scene import (
    Bars,
    Curve,
    Flow,
    Images,
    Mark,
    Panel,
    Points,
    Reading,
    Role,
    Scene,
    Text,
)

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "map": "The map and what it decodes to",
    "units": "Unit by unit",
    "pca": "Beside PCA",
}
CIRCLE = ellipse(np.zeros(2), np.eye(2))  # 2 standard deviations of the prior
SQUARE = REACH * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]], np.float32)


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of `VIEWS`."""
    panels, rows, flows = LAYOUTS[view](snapshot)
    return Scene(panels, snapshot.step, rows, flows, readings(snapshot), sentence(snapshot))


Layout = tuple[list[Panel], tuple[int, ...], tuple[Flow, ...]]


def overview(s: Snapshot) -> Layout:
    """Image, code, image; then what the model makes up, and the two halves of the bound."""
    panels = [inputs(s), latent(s), rebuilt(s), samples(s), bound(s), cost(s)]
    flows = (
        Flow(0, 1, "encode"),
        Flow(1, 2, "decode", "model"),
        Flow(1, 3, "draw a code from the prior, decode it", "model"),
    )
    return panels, (4, 2), flows


def large_map(s: Snapshot) -> Layout:
    """The map with the drawn images at their codes, beside a decoded square of it."""
    one = s.config.latent == 1
    made = Panel(
        "Decoded from a row of codes" if one else "Decoded from a square of codes",
        [Images("decoded", "model", s.sheet, SHEET)],
        kind="images",
        caption="Left to right, line by line." if one else "Neighbours look alike: no gaps.",
    )
    return [latent(s, large=True), made], (2,), (Flow(0, 1, "decode", "model"),)


def units(s: Snapshot) -> Layout:
    """What each unit costs, and whether it carries anything."""
    labels = [str(i + 1) for i in range(s.config.latent)]
    exact: list[Mark] = []
    if s.config.linear:
        best = linear.optimum(s.config.latent, s.config.beta).kl().numpy()
        order = np.argsort(np.argsort(-s.kl))  # units come in any order: the largest to the largest
        exact = [Bars("best possible", "truth", best[order], labels)]
    nats = Panel(
        "KL of each unit, nats",
        [Bars("KL", "model", s.kl, labels), *exact],
        kind="chart",
        xlim=None,
        ylim=None,
        xlabel="unit of the code",
        caption="A unit at zero says nothing: it has collapsed onto the prior.",
    )
    used = _chart(
        "Units that carry something",
        [
            Curve("active units", "model", s.curves[:, [0, 5]]),
            _level(s, "all", s.config.latent, "neutral"),
        ],
        s,
        (0, s.config.latent * 1.1),
    )
    return [inputs(s), rebuilt(s), nats, used], (2, 2), (Flow(0, 1, "code", "model"),)


def pca(s: Snapshot) -> Layout:
    """The same images through as many numbers, by a straight projection."""
    plain = Panel(
        "Rebuilt by PCA",
        [Images("PCA", "neutral", s.reference.pca_rebuilt, 3)],
        kind="images",
        caption=f"The best linear code of size {s.config.latent}.",
    )
    error = _chart(
        "Squared error per pixel, test",
        [
            Curve("autoencoder", "model", s.curves[:, [0, 6]]),
            _level(s, "PCA", s.reference.pca_error, "neutral"),
        ],
        s,
        (0, 2.5 * s.reference.pca_error),
        "PCA serves this error alone: it pays no KL, and it can make nothing up.",
    )
    return [inputs(s), rebuilt(s), plain, error], (3, 1), (Flow(0, 1, "code", "model"),)


LAYOUTS: dict[str, Callable[[Snapshot], Layout]] = {
    "overview": overview,
    "map": large_map,
    "units": units,
    "pca": pca,
}


def inputs(s: Snapshot) -> Panel:
    """Test images that the model has never trained on."""
    marks = [Images("test images", "real", s.jury.inputs, 3)]
    return Panel("Test images", marks, kind="images", caption="Never trained on.")


def rebuilt(s: Snapshot) -> Panel:
    """The same images after the code."""
    numbers = "number" if s.config.latent == 1 else "numbers"
    return Panel(
        "Rebuilt from the code",
        [Images("rebuilt", "model", s.rebuilt, 3)],
        kind="images",
        caption=f"All that is left of each is {s.config.latent} {numbers}.",
    )


def samples(s: Snapshot) -> Panel:
    """Images that nobody drew."""
    return Panel(
        "Made up",
        [Images("made up", "model", s.samples, 3)],
        kind="images",
        caption="From codes drawn at random.",
    )


def latent(s: Snapshot, large: bool = False) -> Panel:
    """Codes of test images by class, and the posterior of those that are drawn."""
    codes, centres = _lifted(s, s.codes), _lifted(s, s.centres)
    marks: list[Mark] = [
        Points("codes", "real", codes, s.jury.labels[: len(codes)], size=2.2),
        Curve("prior, 2 sd", "truth", CIRCLE if s.config.latent > 1 else _interval(), label=""),
    ]
    if s.exact_centres is not None and s.exact_spreads is not None:
        line = _ellipses(_lifted(s, s.exact_centres), s.exact_spreads)
        marks.append(Curve("exact posterior, 2 sd", "truth", line, label=""))
    marks.append(Curve("posterior, 2 sd", "model", _ellipses(centres, s.spreads), label=""))
    if large:
        if s.config.latent > 1:
            marks.append(Curve("the square decoded", "model", SQUARE, width=1, label=""))
        marks.append(Images("test images", "real", s.jury.inputs, at=centres, height=0.55))
    names = dataset(s.config.dataset).classes
    if s.step and (large or max(map(len, names)) <= 2):
        marks += _names(codes, s.jury.labels[: len(codes)], names)
    return Panel("Codes: the latent map", marks, "plane", LIMITS, LIMITS, caption=_caption(s))


def bound(s: Snapshot) -> Panel:
    """The ELBO; the gap up to the likelihood is the KL."""
    step, fit, kl, trained_fit, trained_kl = s.curves[:, :5].T
    elbo = np.stack([step, fit - kl], axis=1)
    span = s.reference.best - s.jury.empty
    known = "exact best" if s.reference.exact else "best known"
    marks = [
        Curve("KL", "neutral", elbo, width=0.5, band=np.stack([fit - kl, fit], axis=1), label=""),
        Curve("rebuilding", "neutral", np.stack([step, fit], axis=1), width=1.2),
        Curve("training", "real", np.stack([step, trained_fit - trained_kl], 1), True, 1.2),
        Curve("test", "model", elbo),
        _level(s, known, s.reference.best, "truth"),
        _level(s, "no code at all", s.jury.empty, "neutral"),
    ]
    limits = (s.jury.empty - 0.35 * span, s.reference.best + 0.4 * span)
    caption = "ELBO = rebuilding minus KL, the shaded gap."
    return _chart("Bound on log p(x), nats", marks, s, limits, caption)


def cost(s: Snapshot) -> Panel:
    """The KL alone."""
    marks = [
        Curve("training", "real", s.curves[:, [0, 4]], True, 1.2),
        Curve("test", "model", s.curves[:, [0, 2]]),
    ]
    if s.config.linear:
        best = linear.optimum(s.config.latent, s.config.beta).kl().sum().item()
        marks.append(_level(s, "exact best", best, "truth"))
    grows = "Its weight grows during the warm-up." if s.config.warmup else ""
    # Fixed: before it weighs anything, the KL dwarfs what it will be later.
    limits = (0.0, 4 + 5.5 * s.config.latent**0.5) if s.config.beta > 0.2 else None
    return _chart("KL: what the codes say, nats", marks, s, limits, grows)


def readings(s: Snapshot) -> list[Reading]:
    """The judgement: bound, units, error."""
    ref = s.reference
    whole = s.judged == s.jury.of
    of = f"all {s.judged} test images" if whole else f"{s.judged} of {s.jury.of} test images"
    active = linear.optimum(s.config.latent, s.config.beta).active if ref.exact else s.config.latent
    return [
        Reading(
            "test ELBO",
            s.elbo,
            (ref.best, ref.best),
            "exact best" if ref.exact else "best known for the size",
            "nats",
            "high",
            f"On {of}. Without any code it would be {s.jury.empty:.1f}.",
        ),
        Reading(
            "active units",
            float(s.active),
            (float(active), float(active)),
            "exact best" if ref.exact else "all",
            better="neither",
            help="Units whose mean varies over the images (variance above 0.01).",
        ),
        Reading(
            "squared error",
            s.error,
            (ref.pca_error, ref.pca_error),
            "PCA of the same size",
            help="Per pixel, between test images and what their mean codes decode to.",
        ),
    ]


def _chart(
    title: str,
    marks: list[Curve],
    s: Snapshot,
    ylim: tuple[float, float] | None,
    caption: str = "",
) -> Panel:
    xlim = (0.0, float(s.config.steps))
    return Panel(title, marks, "chart", xlim, ylim, xlabel="step", caption=caption)


def _level(s: Snapshot, name: str, value: float, role: Role) -> Curve:
    """A horizontal line over the whole run."""
    return Curve(name, role, np.array([[0, value], [s.config.steps, value]], np.float32), True, 1.5)


def _caption(s: Snapshot) -> str:
    if s.config.latent == 1:
        return "One unit, left to right; the height only separates the classes."
    if s.config.latent == 2:
        return "Dots: test images. Ellipses: 2 sd of a code."
    return f"The 2 of {s.config.latent} directions with most spread."


def _lifted(s: Snapshot, xy: np.ndarray) -> np.ndarray:
    """With a single unit, the height of a point shows its class."""
    if s.config.latent > 1:
        return xy
    count = len(dataset(s.config.dataset).classes)
    height = 6 * (s.jury.labels[: len(xy)] - (count - 1) / 2) / count
    return np.stack([xy[:, 0], height], axis=1).astype(np.float32)


def _interval() -> np.ndarray:
    """Two upright lines at 2 standard deviations of the prior."""
    gap = [np.nan, np.nan]
    return np.array([[-2, -4], [-2, 4], gap, [2, -4], [2, 4]], np.float32)


def _ellipses(centres: np.ndarray, spreads: np.ndarray) -> np.ndarray:
    gap = np.full((1, 2), np.nan, np.float32)
    lines = [part for c, v in zip(centres, spreads) for part in (ellipse(c, v), gap)]
    return np.concatenate(lines[:-1])


def _names(codes: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> list[Text]:
    """The name of each class in the middle of its codes."""
    middles = [(i, np.median(codes[labels == i], axis=0)) for i in np.unique(labels)]
    return [Text(names[i], "neutral", (float(x), float(y)), names[i]) for i, (x, y) in middles]
