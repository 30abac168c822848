"""Pictures of arithmetic with codes."""

import numpy as np

from explorer.concepts.latent_space.arithmetic import FRAMES, STRIP, Sum, Term
from explorer.scene import Curve, Images, Mark, Panel, Points, Reading, Role, Scene

BARS = (-0.6, 1.6)  # of the judge's score


def arithmetic_scene(term: Term) -> Scene:
    """The image, what became of it, the right answer where there is one, and the judge."""
    sum_ = term.sum
    at = float(sum_.share[term.step])
    panels = [
        _one("The image", "image", "real", sum_.start),
        _one(
            "Decoded from the sum", "changed", "model", term.image, f"Code {at:+.2f} x direction."
        ),
        *_truth(sum_),
        _strip(term),
        _scores(term),
        *_error(term),
    ]
    first = 4 if sum_.truth is not None else 3
    readings = [
        Reading(
            f"{sum_.name}: the judge's score",
            float(sum_.scores[sum_.changed, term.step]),
            (1.0, 1.0) if sum_.adds else (0.0, 0.0),
            "real images with it" if sum_.adds else "real images without it",
            better="neither",
            help=f"0 as without, 1 as with it; right on {sum_.right:.0%} of test images.",
        )
    ]
    if sum_.error is not None:
        readings.append(
            Reading(
                "error to the true picture",
                float(sum_.error[term.step]),
                (sum_.floor, sum_.floor),
                "the true picture through the code",
                help="Mean squared error per pixel to the same face, composed anew.",
            )
        )
    return Scene(
        panels, term.step, (first, len(panels) - first), (), readings, _sentence(term), "frame"
    )


def _one(title: str, name: str, role: Role, pixels: np.ndarray, caption: str = "") -> Panel:
    return Panel(title, [Images(name, role, pixels, 1)], "images", caption=caption)


def _truth(sum_: Sum) -> list[Panel]:
    if sum_.truth is None:
        return []
    caption = "The same face, composed anew with only this changed."
    return [_one("The right answer", "true picture", "truth", sum_.truth, caption)]


def _strip(term: Term) -> Panel:
    sum_, at = term.sum, round(term.step / FRAMES * (STRIP - 1))
    places = np.linspace(0, FRAMES, STRIP).round().astype(int)
    captions = [f"{sum_.share[i]:+.2f}" for i in places]
    marks = [Images("more and more", "model", sum_.strip, 3, captions, marked=[at])]
    return Panel("More and more of it", marks, "images", caption="Shares of the direction.")


def _scores(term: Term) -> Panel:
    sum_ = term.sum
    marks: list[Mark] = []
    others = [i for i in range(len(sum_.names)) if i != sum_.changed]
    moved = np.abs(sum_.scores - sum_.scores[:, :1]).max(axis=1)
    loudest = max(others, key=lambda i: float(moved[i]))
    for i in others:
        label = sum_.names[i] if i == loudest or len(others) <= 4 else ""
        marks.append(
            Curve(sum_.names[i], "neutral", _line(sum_, sum_.scores[i]), True, 1, None, label)
        )
    marks.append(Curve(sum_.name, "model", _line(sum_, sum_.scores[sum_.changed]), width=2.5))
    goal = 1.0 if sum_.adds else 0.0
    level = np.array([[sum_.share[0], goal], [sum_.share[-1], goal]], np.float32)
    marks.append(Curve("real images", "truth", level, width=1, label=""))
    here = np.array([[sum_.share[term.step], sum_.scores[sum_.changed, term.step]]], np.float32)
    marks.append(Points("now", "model", here, size=4, opacity=1))
    limits = (float(sum_.share[0]), float(sum_.share[-1]))
    caption = "Solid: what was meant to change. Dashed: what changed along with it."
    return Panel(
        "What a judge sees", marks, "chart", limits, BARS, "share of the direction", caption=caption
    )


def _error(term: Term) -> list[Panel]:
    sum_ = term.sum
    if sum_.error is None:
        return []
    limits = (float(sum_.share[0]), float(sum_.share[-1]))
    floor = np.array([[limits[0], sum_.floor], [limits[1], sum_.floor]], np.float32)
    here = np.array([[sum_.share[term.step], sum_.error[term.step]]], np.float32)
    marks: list[Mark] = [
        Curve("true picture, coded", "truth", floor, width=1.5),
        Curve("error", "model", _line(sum_, sum_.error)),
        Points("now", "model", here, size=4, opacity=1),
    ]
    top = 1.1 * float(sum_.error.max())
    return [
        Panel(
            "Error to the right answer",
            marks,
            "chart",
            limits,
            (0.0, top),
            "share of the direction",
        )
    ]


def _line(sum_: Sum, values: np.ndarray) -> np.ndarray:
    return np.stack([sum_.share, values], axis=1).astype(np.float32)


def _sentence(term: Term) -> str:
    sum_, at = term.sum, float(term.sum.share[term.step])
    score = float(sum_.scores[sum_.changed, term.step])
    verb = "added" if sum_.adds else "taken away"
    if at < -0.05:
        return f"Backwards: the code moves away from what is to be {verb} ({sum_.name})."
    if at < 0.05:
        return "The code as it is: the image as the model remembers it."
    if float(np.ptp(sum_.scores[sum_.changed])) < 0.3:
        return (
            f"Hardly anything happens: this code does not hold {sum_.name}. So few pixels earn "
            "less than their KL costs. More units, a smaller beta or more steps make room for it."
        )
    done = score > 0.5 if sum_.adds else score < 0.5
    if at <= 1.05:
        seen = "sees it done" if done else "does not see it yet"
        return f"{at:.0%} of the direction {verb}: {sum_.name}. The judge {seen}."
    leak = [
        sum_.names[i]
        for i in range(len(sum_.names))
        if i != sum_.changed and abs(sum_.scores[i, term.step] - sum_.scores[i, FRAMES // 4]) > 0.5
    ]
    if leak:
        return f"Too much of it also changes {', '.join(leak[:3])}: the direction is not pure."
    return "More than one whole direction: a caricature, and the rest of the image holds."
