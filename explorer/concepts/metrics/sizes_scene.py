"""What the number of samples does to a metric."""

import numpy as np

from explorer.concepts.metrics.sizes import LARGEST, NAMES, SMALLEST, SizesSnapshot
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene


def sizes_scene(s: SizesSnapshot) -> Scene:
    """The figures at all numbers of samples so far."""
    perfect = _line(s, "real", "perfect", "real")
    rival = _line(s, "blurred", "blurred", "model")
    kernel = [_line(s, "kernel", "perfect", "real"), _line(s, "kernel_blurred", "blurred", "model")]
    mean, low, high = s.figures[-1, 0]
    return Scene(
        [
            _panel(s, "Fréchet distance", [perfect, rival, _level(s, 0.0)],
                   "A perfect model never scores zero, and fewer samples score worse."),
            _panel(s, "Kernel distance", [*kernel, _level(s, 0.0)],
                   "Unbiased: zero on average at every size, only less sure at few."),
            _panel(s, "Two normals, distance known",
                   [_line(s, "normals", "measured", "model"), _level(s, s.exact)],
                   "The dashed line is their exact Fréchet distance."),
            _panel(s, "Inception score", [_line(s, "inception", "perfect", "real")],
                   "Of real pictures: biased as well, here towards low values."),
        ],
        step=s.step,
        unit="samples:",
        rows=(2, 2),
        readings=[
            Reading("Fréchet distance, perfect", float(mean), (0.0, 0.0), "endless samples",
                    help=f"With {s.step} samples; 99 % of perfect sets score {low:.3g} to "
                    f"{high:.3g}."),
            Reading("extrapolated to endless", s.endless, (0.0, 0.0), "endless samples",
                    help="A straight line in one over the number of samples, followed to zero."),
            Reading("two normals, extrapolated", s.endless_normals, (s.exact, s.exact),
                    "their exact distance", better="neither",
                    help="The same line for two normal distributions whose distance is known."),
        ],
        sentence=_sentence(s),
        title="How many samples does a metric need?",
    )  # fmt: skip


def _figure(s: SizesSnapshot, name: str) -> np.ndarray:
    return s.figures[:, NAMES.index(name)]


def _line(s: SizesSnapshot, figure: str, name: str, role: Role) -> Curve:
    values = _figure(s, figure)
    line = np.stack([s.sizes, values[:, 0]], axis=1).astype(np.float32)
    return Curve(name, role, line, band=values[:, 1:].astype(np.float32))


def _level(s: SizesSnapshot, value: float) -> Curve:
    ends = np.array([[SMALLEST, value], [LARGEST[s.config.dataset], value]], np.float32)
    return Curve("exact", "truth", ends)


def _panel(s: SizesSnapshot, title: str, marks: list[Mark], caption: str) -> Panel:
    limits = (0.95 * SMALLEST, 1.05 * LARGEST[s.config.dataset])
    return Panel(title, marks, kind="chart", xlim=limits, ylim=None, log_x=True,
                 xlabel="samples in each set", caption=caption)  # fmt: skip


def _sentence(s: SizesSnapshot) -> str:
    few, now = float(_figure(s, "real")[0, 0]), float(_figure(s, "blurred")[-1, 0])
    here = float(_figure(s, "real")[-1, 0])
    if len(s.sizes) < 3:
        return f"With {s.step} samples a perfect model has a Fréchet distance of {here:.3g}."
    if few > now:
        return (
            f"A perfect model judged by {s.sizes[0]} samples scores {few:.3g}: worse than a "
            f"blurred one judged by {s.step}, {now:.3g}. Compare only equal numbers."
        )
    return (
        f"A perfect model scores {few:.3g} with {s.sizes[0]} samples and {here:.3g} with {s.step}."
        " Compare only equal numbers."
    )
