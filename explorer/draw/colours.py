"""Numbers and grey values to colours, the same in plotly, pillow and the player.

Fields are tints of the background, so that points on them stay readable: an end of a diverging
map takes 45 % of its role's colour, that of a sequential one 85 %.
"""

import numpy as np

from explorer.draw import palette
from explorer.draw.palette import Theme
from explorer.scene import Field, Images, Links, Maps, Role

TINT = 0.45  # of the colour of a role, at the ends of a diverging map and of a class
STRONG = 0.85  # at the coloured end of a sequential one


def rgb(colour: str) -> np.ndarray:
    """'#RRGGBB' as three floats in 0..255."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def text(colour: np.ndarray) -> str:
    """Three numbers in 0..255 as '#RRGGBB'."""
    return "#" + "".join(f"{round(float(value)):02X}" for value in colour)


def role(role: Role, theme: Theme) -> str:
    """The colour of a role."""
    return palette.ROLE[theme][role]


def class_colour(index: int, theme: Theme) -> str:
    """The colour of a class; after ten they repeat, and less than none is neutral."""
    if index < 0:
        return role("neutral", theme)
    return palette.CLASSES[theme][index % len(palette.CLASSES[theme])]


def field_scale(ends: tuple[Role, Role], theme: Theme) -> np.ndarray:
    """Colours (256, 3) of a field from its low to its high."""
    t = np.linspace(0, 1, 256)[:, None]
    back = rgb(palette.SURFACE[theme]["background"])
    low, high = (rgb(role(end, theme)) for end in ends)
    if ends[0] == "neutral":
        return back + (high - back) * STRONG * t
    if ends[1] == "neutral":
        return back + (low - back) * STRONG * (1 - t)
    towards_low, towards_high = np.clip(1 - 2 * t, 0, 1), np.clip(2 * t - 1, 0, 1)
    return back + (low - back) * TINT * towards_low + (high - back) * TINT * towards_high


def field_pixels(field: Field | Maps, theme: Theme) -> np.ndarray:
    """The cells of a field as uint8 (rows, columns, 3), row 0 at the top as in an image.

    Of several maps, (n, rows, columns, 3).
    """
    unit = (field.values - field.low) / ((field.high - field.low) or 1.0)
    lost = ~np.isfinite(unit)
    unit = np.clip(np.where(lost, 0.0, unit), 0, 1)
    back = rgb(palette.SURFACE[theme]["background"])
    if isinstance(field, Maps) or field.classes is None:
        colours = field_scale(field.ends, theme)[np.rint(255 * unit).astype(int)]
        colours[lost] = back
    else:
        own = np.stack([rgb(colour) for colour in palette.CLASSES[theme]])
        colours = back + (own[field.classes % len(own)] - back) * TINT * unit[..., None]
    return np.rint(colours)[..., ::-1, :, :].astype(np.uint8)


def field_swatch(field: Field | Links | Maps, theme: Theme) -> np.ndarray:
    """The colours of a field from low to high, or its classes, as uint8 (1, n, 3)."""
    if not isinstance(field, Field) or field.classes is None:
        scale = field_scale(field.ends, theme)
    else:
        back = rgb(palette.SURFACE[theme]["background"])
        own = np.stack([rgb(class_colour(int(k), theme)) for k in np.unique(field.classes)[:5]])
        scale = back + (own - back) * TINT
    return np.rint(scale)[None].astype(np.uint8)


def as_images(maps: Maps, theme: Theme) -> Images:
    """Maps as images in the colours of the theme."""
    return Images(
        maps.name, maps.role, field_pixels(maps, theme), at=maps.at, height=maps.height,
        marked=maps.marked,
    )  # fmt: skip


def image_pixels(images: Images, theme: Theme) -> np.ndarray:
    """Images as uint8 (n, h, w, 3): grey is ink on paper in the colours of the theme."""
    pixels = images.pixels
    if pixels.ndim == 4:
        return pixels.astype(np.uint8)
    paper, ink = (rgb(palette.SURFACE[theme][name]) for name in ("panel", "text"))
    shades = np.rint(paper + (ink - paper) * (np.arange(256) / 255)[:, None]).astype(np.uint8)
    return shades[pixels.astype(np.uint8)]
