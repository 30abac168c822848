"""The field of a panel as a surface in three dimensions, with its points and curves lying on it."""

import numpy as np

from explorer.draw.colours import TINT, class_colour, rgb, text
from explorer.draw.palette import SURFACE, Theme
from explorer.draw.plotly_marks import PLACE, Traces, curve, points, scale
from explorer.scene import Curve, Field, Panel, Points


def solid(panel: Panel, on: str, theme: Theme) -> Traces:
    """The field of a panel as a surface, with its points and curves lying on it."""
    field = next(mark for mark in panel.marks if isinstance(mark, Field))
    (x0, x1), (y0, y1) = panel.xlim or (0, 1), panel.ylim or (0, 1)
    rows, columns = field.values.shape
    paint: dict[str, object] = {
        "cmin": field.low, "cmax": field.high, "colorscale": scale(field, theme)
    }  # fmt: skip
    if field.classes is not None:
        back = rgb(SURFACE[theme]["background"])
        tints = [back + (rgb(class_colour(k, theme)) - back) * TINT for k in range(10)]
        shades = [text(tints[k // 2]) for k in range(20)]  # each over a tenth of the scale
        steps = [[(k + 1) // 2 / 10, shade] for k, shade in enumerate(shades)]
        paint = {
            "surfacecolor": field.classes % 10 + 0.5, "cmin": 0, "cmax": 10, "colorscale": steps
        }  # fmt: skip
    x = x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns
    y = y0 + (np.arange(rows) + 0.5) * (y1 - y0) / rows
    found: Traces = [
        {
            "type": "surface", "name": field.name, "role": "field", "x": x, "y": y,
            "z": field.values, "showscale": False, "scene": on, "showlegend": False, **paint,
            "lighting": {"ambient": 0.85, "diffuse": 0.3, "specular": 0.0},
            "hovertemplate": f"{field.name} %{{z:.3~g}} at {PLACE}<extra></extra>",
        }
    ]  # fmt: skip
    lift = 0.01 * (field.high - field.low)

    def height(xy: np.ndarray) -> np.ndarray:
        column = np.interp(np.nan_to_num(xy[:, 0]), x, np.arange(columns))
        row = np.interp(np.nan_to_num(xy[:, 1]), y, np.arange(rows))
        i, j = row.astype(int), column.astype(int)
        below, above = (
            z[i, j] + (column - j) * (z[i, np.minimum(j + 1, columns - 1)] - z[i, j])
            for z in (field.values, np.roll(field.values, -1, axis=0))
        )
        return below + (row - i) * (above - below) + lift

    for mark in panel.marks:
        if isinstance(mark, Points):
            for trace in points(mark, theme):
                xy = np.stack([trace["x"], trace["y"]], axis=1)
                marker = trace["marker"] | {"symbol": "circle", "size": mark.size * 1.2}
                here = {"type": "scatter3d", "scene": on, "z": height(xy), "marker": marker}
                found.append(trace | here)
        elif isinstance(mark, Curve):
            trace = curve(mark, theme)[-1]
            dashed = mark.dashed or mark.role == "truth"
            line = trace["line"] | {"width": 4, "dash": "dash" if dashed else "solid"}
            found.append(
                trace | {"type": "scatter3d", "scene": on, "z": height(mark.xy), "line": line}
            )
    return found
