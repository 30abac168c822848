"""A visitor's own strokes: as a short code for the link, and as a distribution.

Each stroke is a polyline. It is thinned (Douglas and Peucker 1973), rounded to a lattice of
512 x 512 and written with three characters a point; the distribution is a mixture of many small
Gaussians along the strokes, one class a stroke, with as much mass as the stroke is long.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot, sqrt
from typing import TypeAlias

import torch

from explorer.data.mixture import Mixture, spherical

Point: TypeAlias = tuple[float, float]
Stroke: TypeAlias = Sequence[Point]

LIMITS = (-3.0, 3.0)
LEVELS = 512  # 9 bits a coordinate, 18 bits a point, 3 characters of 6 bits
MAX_POINTS = 160  # 480 characters: a link stays short enough to be mailed
MAX_STROKES = 8
SCALE = 0.08  # thickness of a stroke once the drawing has unit standard deviation
COMPONENTS = 240
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def encode(strokes: Iterable[Stroke]) -> str:
    """Strokes in the units of the plane, as a code of at most 490 characters.

    ValueError if there is no point at all. Points outside the plane are moved to its edge.
    """
    own = [[(float(x), float(y)) for x, y in stroke] for stroke in strokes]
    own = [stroke for stroke in own if stroke][:MAX_STROKES]
    if not own:
        raise ValueError("strokes must hold at least one point. Got an empty drawing instead.")
    tolerance = 0.02
    thin = [_thinned(stroke, tolerance) for stroke in own]
    while sum(map(len, thin)) > MAX_POINTS:
        tolerance *= 1.5
        thin = [_thinned(stroke, tolerance) for stroke in own]
    return ".".join("".join(map(_characters, stroke)) for stroke in thin)


def decode(code: str) -> list[list[Point]]:
    """The strokes behind a code; ValueError if it is none."""
    parts = code.split(".")
    points = sum(len(part) // 3 for part in parts)
    clean = all(part and len(part) % 3 == 0 and set(part) <= set(ALPHABET) for part in parts)
    if not clean or len(parts) > MAX_STROKES or points > MAX_POINTS:
        shown = code if len(code) <= 20 else code[:20] + "..."
        raise ValueError(f"dataset must be a drawing that was made here. Got {shown!r} instead.")
    return [[_point(part[i : i + 3]) for i in range(0, len(part), 3)] for part in parts]


def drawn(strokes: Iterable[Stroke]) -> Mixture:
    """The distribution of points along the strokes, scaled to about unit standard deviation."""
    own = [list(stroke) for stroke in strokes if len(stroke)]
    if not own:
        raise ValueError("strokes must hold at least one point. Got an empty drawing instead.")
    lengths = [sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(s)) for s in own]
    least = max(0.02 * max(lengths), 1e-6)  # a dot weighs a little, too
    total = sum(max(length, least) for length in lengths)
    means, weights, groups = [], [], []
    for group, (stroke, length) in enumerate(zip(own, lengths)):
        share = max(length, least) / total
        count = max(1, round(COMPONENTS * share)) if length else 1
        means += _along(stroke, length, count)
        weights += [share / count] * count
        groups += [group] * count
    centres, mass = torch.tensor(means).double(), torch.tensor(weights).double()
    centres = centres - (mass / mass.sum()) @ centres
    spread = sqrt((mass / mass.sum() @ centres.square().sum(1)).item() / 2)
    # Not beyond the edge of the plane, and a mere dot is not blown up to fill it.
    reach = centres.abs().max().item()
    scale = min(1 / max(spread, 0.2), 2.6 / max(reach, 1e-9))
    thickness = SCALE if spread > 0.02 else 0.5
    return spherical(scale * centres, thickness, mass, torch.tensor(groups))


def _along(stroke: Stroke, length: float, count: int) -> list[Point]:
    """`count` points at equal distances along a stroke."""
    if count == 1 or not length:
        middle = len(stroke) // 2
        return [stroke[middle]] * count
    wanted = [length * (i + 0.5) / count for i in range(count)]
    points: list[Point] = []
    done = 0.0
    for (x0, y0), (x1, y1) in pairwise(stroke):
        step = hypot(x1 - x0, y1 - y0)
        while len(points) < count and step and wanted[len(points)] <= done + step:
            t = (wanted[len(points)] - done) / step
            points.append((x0 + t * (x1 - x0), y0 + t * (y1 - y0)))
        done += step
    return points + [stroke[-1]] * (count - len(points))  # what rounding left over


def _thinned(stroke: Stroke, tolerance: float) -> list[Point]:
    """The stroke without the points that lie within `tolerance` of the line through others."""
    if len(stroke) < 3:
        return list(stroke)
    kept = {0, len(stroke) - 1}
    pending = [(0, len(stroke) - 1)]
    while pending:
        first, last = pending.pop()
        gaps = [_gap(stroke[i], stroke[first], stroke[last]) for i in range(first + 1, last)]
        if gaps and max(gaps) > tolerance:
            middle = first + 1 + gaps.index(max(gaps))
            kept.add(middle)
            pending += [(first, middle), (middle, last)]
    return [stroke[i] for i in sorted(kept)]


def _gap(point: Point, a: Point, b: Point) -> float:
    """Distance of a point from the segment a b."""
    along, up = b[0] - a[0], b[1] - a[1]
    square = along**2 + up**2
    t = ((point[0] - a[0]) * along + (point[1] - a[1]) * up) / square if square else 0.0
    t = min(1.0, max(0.0, t))
    return hypot(point[0] - a[0] - t * along, point[1] - a[1] - t * up)


def _characters(point: Point) -> str:
    low, high = LIMITS
    x, y = (
        min(LEVELS - 1, max(0, round((value - low) / (high - low) * (LEVELS - 1))))
        for value in point
    )
    number = x * LEVELS + y
    return ALPHABET[number >> 12] + ALPHABET[number >> 6 & 63] + ALPHABET[number & 63]


def _point(characters: str) -> Point:
    a, b, c = map(ALPHABET.index, characters)
    low, high = LIMITS
    levels = divmod(a << 12 | b << 6 | c, LEVELS)
    x, y = (low + level * (high - low) / (LEVELS - 1) for level in levels)
    return x, y
