"""Pictures of an interpolation between images."""

import numpy as np

from explorer.concepts.latent_space.interpolation import (
    SIDE,
    STRIP,
    InterpolationSnapshot,
    Path,
)
from explorer.concepts.latent_space.projection import LIMITS
from explorer.scene import Curve, Images, Mark, Panel, Points, Reading, Role, Scene

ROLES: tuple[Role, ...] = ("model", "rival", "real")
NAMES = ("lerp", "slerp", "pixels")


def interpolation_scene(s: InterpolationSnapshot) -> Scene:
    """The images at this t, and all of the path."""
    panels = [_map(s), _images(s), _strip(s), _distance(s), _norm(s)]
    readings = [
        Reading(
            f"{name}: distance to training data",
            float(s.path.distance[i, s.step]),
            s.path.test_distance,
            "9 of 10 test images",
            better="neither",
            help="Euclidean distance in pixel space to the nearest training image.",
        )
        for i, name in enumerate(NAMES)
    ]
    return Scene(panels, s.step, (2, 3), (), readings, _sentence(s), unit="frame")


def _map(s: InterpolationSnapshot) -> Panel:
    path = s.path
    marks: list[Mark] = [
        Points("codes of test images", "real", path.means, path.labels, opacity=0.25, size=2),
        Curve("lerp", "model", path.lines[0], label=""),
        Curve("slerp", "rival", path.lines[1], dashed=True, label=""),
        Points("now, lerp", "model", s.latent_codes[:1], size=6, opacity=1),
        Points("now, slerp", "rival", s.latent_codes[1:], size=6, opacity=1, shape="ring"),
    ]
    caption = "Both paths between the codes." if path.flat else "Both paths, projected on the map."
    return Panel("Latent space z", marks, "plane", LIMITS, LIMITS, caption=caption)


def _images(s: InterpolationSnapshot) -> Panel:
    marks = [Images("now", "model", s.images, 3, captions=NAMES)]
    caption = "Decoded from the codes of lerp and slerp, and the weighted mean of the pixels."
    return Panel("Interpolated images", marks, "images", span=1.8, caption=caption)


def _strip(s: InterpolationSnapshot) -> Panel:
    path, last = s.path, len(s.path.t) - 1
    if path.four:
        border = _border(SIDE)
        at = border[round(s.step / last * len(border)) % len(border)]
        marks = [Images("interpolation", "model", path.strip, SIDE, marked=[at])]
        caption = "The four reconstructions in the corners, decoded lerps between them."
        return Panel("Between four images", marks, "images", span=1.2, caption=caption)
    at = round(s.step / last * (STRIP - 1))
    marked = [at, at + STRIP, at + 2 * STRIP]
    marks = [Images("interpolation", "model", path.strip, STRIP, marked=marked)]
    caption = "Rows: lerp, slerp, pixels. From the first image to the second."
    return Panel("The whole interpolation", marks, "images", span=1.8, caption=caption)


def _distance(s: InterpolationSnapshot) -> Panel:
    path = s.path
    marks: list[Mark] = [_band("test images", path.test_distance)]
    for role, name, values in zip(ROLES, NAMES, path.distance):
        marks.append(Curve(name, role, _line(path.t, values), dashed=name == "slerp"))
    marks.append(_now(s, path.distance[:, s.step]))
    top = 1.25 * max(float(path.distance.max()), path.test_distance[1])
    caption = "To the nearest one, in pixel space. Band: 9 of 10 test images."
    return _chart("Distance to training data", marks, top, "distance", caption)


def _norm(s: InterpolationSnapshot) -> Panel:
    path = s.path
    marks: list[Mark] = [
        _band("codes of the prior", path.prior_norm),
        Curve("lerp", "model", _line(path.t, path.norm[0])),
        Curve("slerp", "rival", _line(path.t, path.norm[1]), dashed=True),
        _now(s, path.norm[:, s.step]),
    ]
    top = 1.15 * max(float(path.norm.max()), path.prior_norm[1])
    caption = f"Over {path.active} active dimensions. Band: 9 of 10 codes of the prior (exact)."
    return _chart("Norm of the latent code", marks, top, "‖z‖", caption)


def _chart(title: str, marks: list[Mark], top: float, ylabel: str, caption: str) -> Panel:
    return Panel(title, marks, "chart", (0.0, 1.0), (0.0, top), "t", ylabel, caption=caption)


def _band(name: str, limits: tuple[float, float]) -> Curve:
    middle = sum(limits) / 2
    xy = np.array([[0, middle], [1, middle]], np.float32)
    return Curve(name, "truth", xy, width=1, band=np.array([limits, limits], np.float32))


def _line(t: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.stack([t, values], axis=1).astype(np.float32)


def _now(s: InterpolationSnapshot, values: np.ndarray) -> Points:
    xy = np.stack([np.full(len(values), s.path.t[s.step]), values], axis=1).astype(np.float32)
    return Points("now", "neutral", xy, size=4, opacity=1)


def _border(side: int) -> list[int]:
    """The images along the edge of a sheet, clockwise from the top left."""
    last = side - 1
    top = [(0, j) for j in range(last)]
    right = [(i, last) for i in range(last)]
    bottom = [(last, last - j) for j in range(last)]
    left = [(last - i, 0) for i in range(last)]
    return [i * side + j for i, j in top + right + bottom + left]


def _sentence(s: InterpolationSnapshot) -> str:
    path = s.path
    if s.step == 0:
        return (
            "At t = 0 lerp and slerp give the reconstruction of the first image; the "
            "interpolation of pixels gives the image itself."
        )
    if s.step == len(path.t) - 1:
        return _summary(path)
    at = "" if path.four else f"t = {path.t[s.step]:.2f}: "
    decoded, _, pixels = path.distance[:, s.step]
    if pixels > path.test_distance[1] >= decoded:
        return (
            f"{at}the mean of the pixels is farther from the training data than 95 of 100 test "
            "images are; the image decoded by lerp is not."
        )
    if pixels > 1.1 * decoded:
        return (
            f"{at}the mean of the pixels shows two images at once; the decoder returns one image, "
            "blurred but closer to the training data."
        )
    return f"{at}all three images are about as close to the training data."


def _summary(path: Path) -> str:
    lerp, slerp, pixels = path.distance.max(axis=1)
    low, high = path.prior_norm
    least, most = path.norm.min(axis=1), float(path.norm.max())
    largest = (
        f"Largest distance to the training data: lerp {lerp:.2f}, slerp {slerp:.2f}, pixels "
        f"{pixels:.2f}."
    )
    if least[0] < low <= least[1]:
        return (
            f"{largest} The norm of the lerp fell to {least[0]:.2f}, below that of 95 of 100 codes "
            f"of the prior in {path.active} dimensions; that of the slerp did not."
        )
    if most > high:
        return f"{largest} Norms up to {most:.2f} exceed those of 95 of 100 codes of the prior."
    return f"{largest} The norms of the codes are such as the prior has."
