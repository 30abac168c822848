"""Pictures of latent arithmetic."""

import numpy as np

from explorer.concepts.latent_space.arithmetic import FRAMES, STRIP, ArithmeticSnapshot, Sum
from explorer.scene import Curve, Images, Mark, Panel, Points, Reading, Role, Scene

SCORES = (-0.6, 1.6)  # limits of the classifier's score


def arithmetic_scene(s: ArithmeticSnapshot) -> Scene:
    """The image, the decoded sum, the true result where it is known, and the classifier."""
    sum_ = s.sum
    t = float(sum_.t[s.step])
    panels = [
        _image("Image x", "image", "real", sum_.image, "Encoded to z."),
        _image("Decoded sum", "decoded", "model", s.image, f"z {t:+.2f} × direction."),
        *_truth(sum_),
        _strip(s),
        _scores(s),
        *_error(s),
    ]
    first = 3 if sum_.truth is None else 4
    readings = [
        Reading(
            f"classifier score for “{sum_.attribute}”",
            float(sum_.scores[sum_.changed, s.step]),
            (1.0, 1.0) if sum_.adds else (0.0, 0.0),
            f"test images {'with' if sum_.adds else 'without'} it",
            better="neither",
            help="0 is the average of training images without the attribute, 1 of those with it. "
            f"Balanced accuracy of the classifier on test images: {sum_.accuracy:.0%}.",
        )
    ]
    if sum_.error is not None:
        readings.append(
            Reading(
                "error to the true result",
                float(sum_.error[s.step]),
                (sum_.floor, sum_.floor),
                "reconstruction of the true result",
                help="Mean squared error per pixel to the same face, composed anew.",
            )
        )
    rows = (first, len(panels) - first)
    return Scene(panels, s.step, rows, (), readings, _sentence(s), "frame")


def _image(title: str, name: str, role: Role, pixels: np.ndarray, caption: str) -> Panel:
    return Panel(title, [Images(name, role, pixels, 1)], "images", caption=caption)


def _truth(sum_: Sum) -> list[Panel]:
    if sum_.truth is None:
        return []
    caption = "The same face, composed with only this attribute changed."
    return [_image("True result", "true result", "truth", sum_.truth, caption)]


def _strip(s: ArithmeticSnapshot) -> Panel:
    sum_, at = s.sum, round(s.step / FRAMES * (STRIP - 1))
    places = np.linspace(0, FRAMES, STRIP).round().astype(int)
    captions = [f"{sum_.t[i]:+.2f}" for i in places]
    marks = [Images("decoded", "model", sum_.strip, 3, captions, marked=[at])]
    return Panel("Decoded sums", marks, "images", caption="Below each: the multiple t.")


def _scores(s: ArithmeticSnapshot) -> Panel:
    sum_ = s.sum
    marks: list[Mark] = []
    others = [i for i in range(len(sum_.names)) if i != sum_.changed]
    moved = np.abs(sum_.scores - sum_.scores[:, :1]).max(axis=1)
    most = max(others, key=lambda i: float(moved[i]))
    for i in others:
        label = sum_.names[i] if i == most or len(others) <= 4 else ""
        marks.append(
            Curve(sum_.names[i], "neutral", _line(sum_, sum_.scores[i]), True, 1, None, label)
        )
    marks.append(Curve(sum_.attribute, "model", _line(sum_, sum_.scores[sum_.changed]), width=2.5))
    goal = 1.0 if sum_.adds else 0.0
    marks.append(_level("test images", sum_, goal, 1.0, ""))
    marks.append(_now(s, sum_.scores[sum_.changed]))
    caption = "Solid: the attribute meant to change. Dashed: attributes that change with it."
    return _chart("Attributes, by a linear classifier", marks, sum_, SCORES, "score", caption)


def _error(s: ArithmeticSnapshot) -> list[Panel]:
    sum_ = s.sum
    if sum_.error is None:
        return []
    marks: list[Mark] = [
        _level("its reconstruction", sum_, sum_.floor, 1.5, None),
        Curve("error", "model", _line(sum_, sum_.error)),
        _now(s, sum_.error),
    ]
    limits = (0.0, 1.1 * float(sum_.error.max()))
    title, ylabel = "Error to the true result", "squared error per pixel"
    caption = "Dashed: the error of the true result's own reconstruction."
    return [_chart(title, marks, sum_, limits, ylabel, caption)]


def _chart(
    title: str, marks: list[Mark], sum_: Sum, ylim: tuple[float, float], ylabel: str, caption: str
) -> Panel:
    xlim = (float(sum_.t[0]), float(sum_.t[-1]))
    xlabel = "multiple t of the direction"
    return Panel(title, marks, "chart", xlim, ylim, xlabel, ylabel, caption=caption)


def _level(name: str, sum_: Sum, value: float, width: float, label: str | None) -> Curve:
    xy = np.array([[sum_.t[0], value], [sum_.t[-1], value]], np.float32)
    return Curve(name, "truth", xy, width=width, label=label)


def _now(s: ArithmeticSnapshot, values: np.ndarray) -> Points:
    xy = np.array([[s.sum.t[s.step], values[s.step]]], np.float32)
    return Points("now", "model", xy, size=4, opacity=1)


def _line(sum_: Sum, values: np.ndarray) -> np.ndarray:
    return np.stack([sum_.t, values], axis=1).astype(np.float32)


def _sentence(s: ArithmeticSnapshot) -> str:
    sum_, t = s.sum, float(s.sum.t[s.step])
    verb = "added" if sum_.adds else "removed"
    if t < -0.05:
        return f"t = {t:.2f}: opposite to the direction that is to be {verb} (“{sum_.attribute}”)."
    if t < 0.05:
        return "t = 0: the reconstruction of the image, nothing added yet."
    if float(np.ptp(sum_.scores[sum_.changed])) < 0.3:
        return (
            "Hardly anything changes: the latent code carries next to no information about "
            f"“{sum_.attribute}”. A larger latent dimension, a smaller beta or more steps help."
        )
    score = float(sum_.scores[sum_.changed, s.step])
    done = score > 0.5 if sum_.adds else score < 0.5
    if t <= 1.05:
        found = "finds it" if done == sum_.adds else "does not find it"
        return (
            f"t = {t:.2f}: {t:.0%} of the direction “{sum_.attribute}” {verb}. The classifier "
            f"{found} (score {score:.2f})."
        )
    zero = FRAMES // 4
    shifts = np.abs(sum_.scores[:, s.step] - sum_.scores[:, zero])
    meant = (sum_.changed, sum_.replaced)
    also = [f"“{name}”" for i, name in enumerate(sum_.names) if i not in meant and shifts[i] > 0.5]
    if also:
        return (
            f"t = {t:.2f}: {', '.join(also[:3])} changed as well: these attributes are entangled."
        )
    return f"t = {t:.2f}: the attribute is exaggerated, all others change by less than one half."
