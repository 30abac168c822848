"""Scenes with every mark and every option: what all three renderers must show alike.

Plain numpy and fixed seeds, so that each renderer, also the player's canvas in a browser, can be
compared on the very same arrays.
"""

import numpy as np

from explorer.scene import (
    Arrows,
    Bars,
    Curve,
    Field,
    Flow,
    Images,
    Links,
    Maps,
    Mesh,
    Panel,
    Points,
    Reading,
    Scene,
    Text,
    contour,
    plane_grid,
)

LIMITS = (-3.0, 3.0)


def demo(step: int = 120) -> Scene:
    """Seven panels in two rows with flows, readings and a sentence; `step` moves things."""
    return Scene(
        panels=[
            noise(step),
            discriminator(step),
            bent(),
            certain(),
            losses(step),
            chances(),
            drawings(),
        ],
        step=step,
        rows=(3, 4),
        flows=[
            Flow(0, 1, "samples", "model", active=True),
            Flow(1, 2, "gradient", "rival"),
            Flow(2, 4, "loss"),
        ],
        readings=[
            Reading("sliced Wasserstein", 0.0612, (0.021, 0.034)),
            Reading("modes covered", 5, (8, 8), "all of them", "of 8", "high"),
            Reading("log-likelihood", -1.2346, (-1.18, -1.18), "the exact value", "nats", "high"),
        ],
        sentence="Covers 5 of 8 modes: the generator has found where D is wrong.",
        title="Demo",
    )


def flows() -> Scene:
    """Panels of all kinds in three rows, joined there and back, over lanes, up and down."""
    pairs = [(0, 1), (1, 0), (1, 2), (2, 0), (0, 3), (2, 4), (4, 3), (5, 1), (3, 5), (0, 2)]
    return Scene(
        [noise(), drawings(), losses(), discriminator(), bent(), chances()],
        rows=(3, 2, 1),
        flows=[Flow(a, b, f"from {a} to {b}", "model") for a, b in pairs],
        sentence="Everything is passed to everything.",
    )


def noise(step: int = 120) -> Panel:
    """All shapes of points, by role, and words."""
    rng = np.random.default_rng(0)
    marks: list[Points | Text] = [
        Points("all noise", "neutral", rng.normal(size=(300, 2)), size=1.5, opacity=0.4)
    ]
    for i, (shape, role) in enumerate(
        [("dot", "real"), ("ring", "model"), ("cross", "rival"), ("square", "truth")]
    ):
        xy = np.stack([np.linspace(-2, 2, 5), np.full(5, 2.0 - i)], axis=1)
        marks.append(Points(f"a {shape}", role, xy, size=5, opacity=1, shape=shape))
    marks.append(Text("words", "truth", (0.0, -2.4), f"after {step}"))
    return Panel("Noise", marks, caption="Four shapes, four roles.", xlabel="z1", ylabel="z2")


def discriminator(step: int = 120) -> Panel:
    """A diverging field, both kinds of data, an exact contour, arrows."""
    rng = np.random.default_rng(1)
    angle = rng.integers(8, size=256) * np.pi / 4
    real = 2 * np.stack([np.cos(angle), np.sin(angle)], 1) + rng.normal(size=(256, 2)) * 0.12
    made = real[:128] * (0.5 + step / 400) + rng.normal(size=(128, 2)) * 0.2
    x = plane_grid(LIMITS, LIMITS, 40)
    radius = np.hypot(*x.T).reshape(40, 40)
    trust = 1 / (1 + np.exp(-6 * (radius - 1.6) * (2.6 - radius)))
    start = made[:24]
    return Panel(
        "Discriminator",
        [
            Field("D(x)", trust, 0, 1, meaning="generated | real"),
            Points("real", "real", real, values=np.hypot(*real.T)),
            Points("generated", "model", made, interpolated=True),
            contour("optimal D(x) = 1/2", "truth", trust, 0.5, LIMITS, LIMITS),
            Arrows("gradient", "model", start, -0.25 * start),
        ],
        caption="Where D takes points for real.",
        active=True,
    )


def bent() -> Panel:
    """A bent grid with small images on it, one marked."""
    u = np.linspace(-2, 2, 12)
    x, y = np.meshgrid(u, u)
    mesh = np.stack([x + 0.3 * np.sin(2 * y), y + 0.4 * np.cos(1.5 * x)], axis=-1)
    at = np.array([[-2, -2], [0, 0], [2, 2.0], [2, -2]])
    return Panel(
        "Bent space",
        [
            Mesh("grid", "model", mesh),
            Images("decoded", "rival", letters(4), at=at, height=0.9, marked=(1,)),
        ],
    )


def certain() -> Panel:
    """A field of classes whose opacity is certainty, and points by class."""
    x = plane_grid(LIMITS, LIMITS, 32)
    angle = np.arctan2(x[:, 1], x[:, 0])
    classes = (np.floor((angle + np.pi) / (2 * np.pi) * 3) % 3).astype(int)
    sure = np.clip(np.hypot(*x.T) / 3, 0, 1)
    rng = np.random.default_rng(2)
    xy = rng.uniform(-2.8, 2.8, size=(90, 2))
    own = (np.floor((np.arctan2(xy[:, 1], xy[:, 0]) + np.pi) / (2 * np.pi) * 3) % 3).astype(int)
    return Panel(
        "Classes",
        [
            Field("class", sure.reshape(32, 32), 0, 1, classes=classes.reshape(32, 32)),
            Points("data", "real", xy, classes=own, size=3, opacity=0.9),
        ],
    )


def losses(step: int = 120) -> Panel:
    """Curves on a logarithmic axis with a band, a break, an exact answer, a value that is lost."""
    t = np.arange(1, step + 1)
    loss = 2 * np.exp(-t / 40) + 0.02
    band = np.stack([0.8 * loss, 1.3 * loss], axis=1)
    broken = 0.5 + 0.3 * np.cos(t / 9)
    broken[len(broken) // 3 : len(broken) // 2] = np.nan
    return Panel(
        "Losses",
        [
            Curve("model", "model", np.stack([t, loss], 1), band=band),
            Curve("discriminator", "rival", np.stack([t, broken], 1)),
            Curve("best possible", "truth", np.array([[0, 0.02], [300, 0.02]])),
            Curve("target", "neutral", np.array([[0, 0.1], [300, 0.1]]), dashed=True, width=1),
        ],
        kind="chart",
        xlim=(0, 300),
        ylim=(0.01, 4),
        log_y=True,
        xlabel="step",
        ylabel="loss (nats)",
        span=1.4,
        caption="Lower is better; dashed: as low as it gets.",
    )


def growing(step: int, whole: bool = False) -> Scene:
    """A chart of a run whose curves hold two new points at every step, or all of them so far."""
    t = np.arange(0 if whole else 2 * step, 2 * step + 2) / 2.0
    loss = np.exp(-t / 20) + 0.1 * np.sin(t)
    band = np.stack([loss - 0.1, loss + 0.1], 1)
    marks = [
        Curve("loss", "model", np.stack([t, loss], 1), band=band, grows=not whole),
        Curve("other", "rival", np.stack([t, loss / 2], 1), grows=not whole),
        Curve("aim", "truth", np.array([[0, 0.1], [9, 0.1]])),
    ]
    return Scene(
        [Panel("Growing", marks, "chart", None, None)],
        step,
        readings=[Reading("loss", float(loss[-1]), (0, 0.1))],
    )


def chances() -> Panel:
    """Bars of two marks side by side; limits that fit the data."""
    labels = ("cat", "dog", "bird", "fish")
    return Panel(
        "Next word",
        [
            Bars("model", "model", np.array([0.1, 0.55, 0.3, 0.05]), labels),
            Bars("exact", "truth", np.array([0.15, 0.4, 0.35, 0.1]), labels),
        ],
        kind="chart",
        xlim=None,
        ylim=None,
        ylabel="probability",
    )


def drawings() -> Panel:
    """A grid of images in grey with captions, two of them marked, and one in colour."""
    return Panel(
        "Drawings",
        [
            Images(
                "letters", "model", letters(12), columns=4,
                captions=tuple(f"{i}" for i in range(12)), marked=(2, 7),
            )
        ],
        kind="images",
        caption="Two are marked.",
    )  # fmt: skip


def colours() -> Scene:
    """Colour images, a sequential field, bars by class, points far outside, an empty panel."""
    x = plane_grid((0, 1), (0, 2), 16)
    heat = (x[:, 0] * x[:, 1] / 2).reshape(16, 16)
    rng = np.random.default_rng(3)
    faces = rng.integers(0, 256, size=(6, 8, 8, 3)).astype(np.uint8)
    return Scene(
        [
            Panel(
                "Heat",
                [
                    Field("heat", heat, 0, 1, ends=("neutral", "rival"), meaning="cold | hot"),
                    Points("outside", "real", np.array([[0.5, 1.0], [40.0, 1.0], [0.2, -9.0]])),
                ],
                xlim=(0, 1),
                ylim=(0, 2),
            ),
            Panel("Faces", [Images("faces", "real", faces, columns=3)], kind="images"),
            Panel(
                "By class",
                [Bars("count", "model", np.arange(10) - 3.0, classes=np.arange(10))],
                kind="chart",
                xlim=None,
                ylim=None,
            ),
            Panel("Nothing yet", [], caption="Filled after the first step."),
            network(),
        ],
        step=3,
        unit="noise level",
        sentence="Nothing has happened yet.",
    )


def network() -> Panel:
    """Three maps, one marked, and the links between them."""
    x, y = plane_grid(LIMITS, LIMITS, 12).T.reshape(2, 12, 12) / 3
    at = np.array([[-2.0, 1.5], [-2.0, -1.5], [2.0, 0.0]])
    return Panel(
        "Network",
        [
            Links("weights", at[:2], at[2] - at[:2], np.array([-2.0, 0.6]), 2.0, ("a", "b")),
            Maps("units", "rival", np.stack([x, y, x * y]), at, 1.6, -1, 1, marked=(2,)),
        ],
    )


def letters(n: int) -> np.ndarray:
    """`n` tiny drawings (n, 8, 8) uint8: a bar that turns, brighter along its length."""
    row, column = np.mgrid[0:8, 0:8] - 3.5
    angle = np.arange(n)[:, None, None] * np.pi / n
    across = np.abs(row * np.cos(angle) - column * np.sin(angle))
    along = row * np.sin(angle) + column * np.cos(angle)
    return (255 * np.clip(1.6 - across, 0, 1) * (0.6 + along / 10)).clip(0, 255).astype(np.uint8)
