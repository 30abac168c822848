"""One palette by role, in light and dark: the player, plotly, pillow and the theme all use it.

Colour-blind safe: the roles follow Okabe and Ito (2008), darkened until text in them has a
contrast of at least 4.5:1; the ten classes follow Paul Tol's "muted" scheme (2021).
"""

from typing import Literal, TypeAlias

from explorer.scene import Role

Theme: TypeAlias = Literal["light", "dark"]

ROLE: dict[Theme, dict[Role, str]] = {
    "light": {
        "real": "#0067A8",
        "model": "#BF4B00",
        "rival": "#7A3DB8",
        "truth": "#1B1F24",
        "neutral": "#66707B",
    },
    "dark": {
        "real": "#5CB3F2",
        "model": "#FF9A5C",
        "rival": "#C4A1FF",
        "truth": "#F4F4F2",
        "neutral": "#9AA5B1",
    },
}
SURFACE: dict[Theme, dict[str, str]] = {
    "light": {"background": "#FFFFFF", "panel": "#F6F7F9", "text": "#1B1F24", "line": "#DDE1E6"},
    "dark": {"background": "#0F1317", "panel": "#181D23", "text": "#ECEEF0", "line": "#2D343C"},
}
PRIMARY: dict[Theme, str] = {"light": "#0B6E6E", "dark": "#2E8F8A"}  # what is lit up or chosen
CLASSES: dict[Theme, tuple[str, ...]] = {
    "light": (
        "#332288", "#CC6677", "#117733", "#B8860B", "#3E9CCB",
        "#AA4499", "#2F9C8C", "#882255", "#7F7F2A", "#666666",
    ),
    "dark": (
        "#9A8CF5", "#F08A9B", "#4CC27A", "#DDCC77", "#88CCEE",
        "#E07FCF", "#5FD3C3", "#D9638F", "#C2C26B", "#B0B0B0",
    ),
}  # fmt: skip
NAMES: dict[Role, str] = {
    "real": "real data",
    "model": "made by the model",
    "rival": "the judge",
    "truth": "exact answer",
    "neutral": "",
}
