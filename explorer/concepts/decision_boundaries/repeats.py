"""Who wins with how many labels: an experiment repeated until the answer is not luck any more.

Each repetition draws fresh labels and fits both models to 8, 16, 32, ... of them. The intervals of
the means shrink as repetitions come in.
"""

from dataclasses import dataclass

import numpy as np

from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene

# 97.5 % quantiles of Student's t for 1 .. 30 degrees of freedom, then nearly the normal's.
STUDENT = (
    12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
PAIR: tuple[tuple[str, Role], ...] = (("A", "rival"), ("B", "model"))


@dataclass(frozen=True, eq=False)
class Repeats:
    """The test errors of a discriminative model A and a generative model B so far."""

    step: int  # repetitions
    sizes: np.ndarray  # (k,) numbers of labels
    errors: np.ndarray  # (2, repetitions, k)
    best: float  # error of the best possible classifier
    names: tuple[str, str]
    range: tuple[float, float] = (-1.0, 1.0)  # of the relative difference that is shown
    ends: tuple[float, float] | None = None  # errors with endless labels, where known


def half_width(values: np.ndarray) -> np.ndarray:
    """Half the 95 % interval (k,) of the mean of values (n, k); 0 while n is 1."""
    n = len(values)
    if n < 2:
        return np.zeros(values.shape[1])
    t = STUDENT[n - 2] if n - 2 < len(STUDENT) else 1.96 + 2.4 / (n - 1)
    return t * values.std(axis=0, ddof=1) / n**0.5


def scene(repeats: Repeats) -> Scene:
    """Mean errors against the number of labels, and how they compare within a repetition."""
    r = repeats
    ends = (float(r.sizes[0]), float(r.sizes[-1]))
    span = np.array(ends, np.float32)
    marks: list[Mark] = [_level("best possible", "truth", span, r.best)]
    for i, (name, role) in enumerate(PAIR):
        if r.ends:
            marks.append(_level(f"{name} with endless labels", role, span, r.ends[i], dashed=True))
        if r.step:
            marks.append(_mean(name, role, r.sizes, r.errors[i]))
    gap: list[Mark] = [_level("no difference", "neutral", span, 0.0)]
    if r.step:
        gap.append(_mean("A against B", "real", r.sizes, relative(r)))
    panels = [
        Panel(
            f"A: {r.names[0]}, B: {r.names[1]}", marks, "chart", ends,
            (max(0.01, 0.8 * r.best), 0.6), "labels", "mean test error", log_x=True, log_y=True,
            caption="Shaded: 95 % interval of the mean",
        ),
        Panel(
            "How much more A errs than B", gap, "chart", ends, r.range, "labels",
            "share of B's error", log_x=True, caption="Above zero B wins, below zero A wins",
        ),
    ]  # fmt: skip
    few = min(2, len(r.sizes) - 1)
    readings = [
        Reading(
            f"{name} with {r.sizes[few]:,} labels",
            float(r.errors[i, :, few].mean()) if r.step else 0.5,
            (r.best, r.best),
            "the best possible",
            help=f"Mean over {r.step} repetitions; half the 95 % interval is "
            f"{float(half_width(r.errors[i])[few]) if r.step else 0.5:.4f}.",
        )
        for i, (name, _) in enumerate(PAIR)
    ]
    return Scene(
        panels, r.step, (), (), readings, _verdict(r), unit="repetition", title="Who wins when"
    )


def relative(r: Repeats) -> np.ndarray:
    """A's error minus B's as a share of B's mean error, (repetitions, k)."""
    return (r.errors[0] - r.errors[1]) / r.errors[1].mean(axis=0).clip(min=1e-3)


def _level(name: str, role: Role, span: np.ndarray, value: float, dashed: bool = False) -> Curve:
    xy = np.stack([span, np.full(2, value, np.float32)], axis=1)
    return Curve(name, role, xy, dashed, width=1.2, label="" if dashed or not value else None)


def _mean(name: str, role: Role, sizes: np.ndarray, values: np.ndarray) -> Curve:
    mean, half = values.mean(axis=0), half_width(values)
    xy = np.stack([sizes, mean], axis=1).astype(np.float32)
    return Curve(name, role, xy, band=np.stack([mean - half, mean + half], 1).astype(np.float32))


def _verdict(r: Repeats) -> str:
    """Who wins with few and who with many labels, as far as it can be told already."""
    if r.step < 3:
        return "Each repetition draws fresh labels. A few more, and luck averages out."
    gap = r.errors[0] - r.errors[1]
    mean, half = gap.mean(axis=0), half_width(gap)
    b_wins, a_wins = r.sizes[mean > half], r.sizes[mean < -half]
    if len(b_wins) and len(a_wins) and b_wins.max() < a_wins.min():
        return (
            f"B, the generative model, wins with {_range(b_wins)} labels, A with {_range(a_wins)}: "
            "assumptions help while data are few, and hurt once there are many."
        )
    won = [
        f"{name} wins with {_range(sizes)} labels"
        for name, sizes in (("B", b_wins), ("A", a_wins))
        if len(sizes)
    ]
    told = "; ".join(won) or "Nowhere is one of them surely better"
    return f"{told}. Where the interval of the difference holds zero, it is a draw so far."


def _range(sizes: np.ndarray) -> str:
    """
    >>> _range(np.array([8, 16, 32])), _range(np.array([2048]))
    ('8 to 32', '2,048')
    """
    first, last = f"{sizes.min():,}", f"{sizes.max():,}"
    return first if first == last else f"{first} to {last}"
