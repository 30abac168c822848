"""Pictures of a walk between images."""

import numpy as np

from explorer.concepts.latent_space.plane import LIMITS
from explorer.concepts.latent_space.walk import SIDE, STRIP, Stand, Way
from explorer.scene import Curve, Images, Mark, Panel, Points, Reading, Role, Scene

ROLES: tuple[Role, ...] = ("model", "rival", "real")
NAMES = ("straight", "arc", "faded")


def walk_scene(stand: Stand) -> Scene:
    """Where the walk is, what it looks like there, and how it looks all along."""
    way = stand.way
    panels = [_map(stand), _now(stand), _strip(stand), _strange(stand), _radius(stand)]
    low, high = way.strange_band
    readings = [
        Reading(
            f"{name}: distance to real images",
            float(way.strange[i, stand.step]),
            (low, high),
            "9 of 10 test images",
            better="neither",
            help="From this image to the nearest one in the training set, as lengths in pixels.",
        )
        for i, name in ((0, "straight"), (1, "arc"), (2, "faded"))
    ]
    sentence = _sentence(stand)
    return Scene(panels, stand.step, (2, 3), (), readings, sentence, unit="frame")


def _map(stand: Stand) -> Panel:
    way = stand.way
    marks: list[Mark] = [
        Points("codes of test images", "real", way.codes, way.labels, opacity=0.25, size=2),
        Curve("straight", "model", way.paths[0], label=""),
        Curve("arc", "rival", way.paths[1], dashed=True, label=""),
        Points("now, straight", "model", stand.here[:1], size=6, opacity=1),
        Points("now, arc", "rival", stand.here[1:], size=6, opacity=1, shape="ring"),
    ]
    caption = "The way on the map." if way.flat else "The way, seen on the map's plane."
    return Panel("Codes", marks, "plane", LIMITS, LIMITS, caption=caption)


def _now(stand: Stand) -> Panel:
    marks = [Images("now", "model", stand.images, 3, captions=NAMES)]
    return Panel("Three ways to the same place", marks, "images", span=1.8)


def _strip(stand: Stand) -> Panel:
    way, last = stand.way, len(stand.way.share) - 1
    if way.corners == 4:
        ring = _border(SIDE)
        at = ring[round(stand.step / last * len(ring)) % len(ring)]
        marks = [Images("between four", "model", way.strip, SIDE, marked=[at])]
        caption = "The four chosen images in the corners, straight mixtures of their codes between."
        return Panel("Between four images", marks, "images", span=1.2, caption=caption)
    at = round(stand.step / last * (STRIP - 1))
    marks = [
        Images("on the way", "model", way.strip, STRIP, marked=[at, at + STRIP, at + 2 * STRIP])
    ]
    caption = "Rows: straight, arc, pixels. From the first image to the second."
    return Panel("All the way", marks, "images", span=1.8, caption=caption)


def _strange(stand: Stand) -> Panel:
    way = stand.way
    marks: list[Mark] = [_band("test images", way, way.strange_band)]
    for role, name, values in zip(ROLES, ("straight", "arc", "pixels"), way.strange):
        marks.append(Curve(name, role, _line(way.share, values), dashed=name == "arc"))
    marks.append(_here(stand, [float(v) for v in way.strange[:, stand.step]]))
    top = 1.25 * max(float(way.strange.max()), way.strange_band[1])
    return Panel(
        "Distance to the nearest real image",
        marks,
        "chart",
        (0.0, 1.0),
        (0.0, top),
        xlabel="share of the way",
        caption="Band: 9 of 10 test images. A fade leaves the real images behind.",
    )


def _radius(stand: Stand) -> Panel:
    way = stand.way
    marks: list[Mark] = [
        _band("codes of the prior", way, way.radius_band),
        Curve("straight", "model", _line(way.share, way.radius[0])),
        Curve("arc", "rival", _line(way.share, way.radius[1]), dashed=True),
        _here(stand, [float(v) for v in way.radius[:, stand.step]]),
    ]
    top = 1.15 * max(float(way.radius.max()), way.radius_band[1])
    return Panel(
        "Length of the code",
        marks,
        "chart",
        (0.0, 1.0),
        (0.0, top),
        xlabel="share of the way",
        caption=f"In the {way.used} units in use. Band: 9 of 10 codes of the prior (exact).",
    )


def _band(name: str, way: Way, limits: tuple[float, float]) -> Curve:
    low, high = limits
    xy = np.array([[0, (low + high) / 2], [1, (low + high) / 2]], np.float32)
    return Curve(name, "truth", xy, width=1, band=np.array([limits, limits], np.float32))


def _line(share: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.stack([share, values], axis=1).astype(np.float32)


def _here(stand: Stand, values: list[float]) -> Points:
    share = float(stand.way.share[stand.step])
    xy = np.array([[share, value] for value in values], np.float32)
    return Points("now", "neutral", xy, size=4, opacity=1)


def _border(side: int) -> list[int]:
    """The images along the edge of a sheet, clockwise from the top left."""
    last = side - 1
    top = [(0, j) for j in range(last)]
    right = [(i, last) for i in range(last)]
    bottom = [(last, last - j) for j in range(last)]
    left = [(last - i, 0) for i in range(last)]
    return [i * side + j for i, j in top + right + bottom + left]


def _sentence(stand: Stand) -> str:
    way, share = stand.way, float(stand.way.share[stand.step])
    if stand.step == 0:
        return (
            "At the start the two ways through the codes show the image as the code remembers it; "
            "the fade shows the real one."
        )
    if stand.step == len(way.share) - 1:
        return _verdict(way)
    where = f"{share:.0%} of the way. " if way.corners == 2 else ""
    straight, _, faded = way.strange[:, stand.step]
    if faded > way.strange_band[1] >= straight:
        return (
            f"{where}The faded image is farther from every real image than 95 in 100 test images "
            "are; what the code decodes to is not."
        )
    if faded > 1.1 * straight:
        return (
            f"{where}The fade shows two images at once; the code shows one image that could be "
            "real, if a blurred one."
        )
    return f"{where}Here all ways are about as close to real images."


def _verdict(way: Way) -> str:
    straight, arc, faded = way.strange.max(axis=1)
    least = float(way.radius[0].min())
    worst = (
        f"Farthest from real images on the way: straight {straight:.2f}, arc {arc:.2f}, "
        f"faded {faded:.2f}."
    )
    if way.used >= 6 and least < way.radius_band[0]:
        return (
            f"{worst} The straight line came as close as {least:.2f} to the origin, where the "
            f"prior has next to no codes in {way.used} dimensions; the arc kept its distance."
        )
    return f"{worst} Straight line and arc both stayed where the prior has codes."
