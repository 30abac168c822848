"""A scene as a plotly figure, to look closely: zoom, hover, and surfaces in three dimensions.

The layout, colours, limits and order are those of the player. Layouts are plain dicts.
"""

from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from explorer.draw import axes, colours, palette
from explorer.draw.axes import View, three
from explorer.draw.end_labels import end_labels
from explorer.draw.flows import Arrow, Slot
from explorer.draw.layout import Page, arrange, wrap
from explorer.draw.lettering import BOLD, measure
from explorer.draw.palette import Theme
from explorer.draw.plotly_marks import Traces, flat
from explorer.draw.plotly_surface import solid
from explorer.scene import Bars, Field, Panel, Reading, Scene

WIDTH = 1240  # pixels for which the layout is computed; the browser stretches it
NARROW = 560  # for one plane or grid of images, which so fits on a phone, too
BELOW = 84  # for the legend
FONT = "'Source Sans', 'Source Sans Pro', system-ui, sans-serif"


def figure(scene: Scene, theme: Theme = "light", surface: bool = False) -> go.Figure:
    """Draw a scene; with `surface`, a panel that has a field shows it in three dimensions."""
    one = len(scene.panels) == 1 and scene.panels[0].kind != "chart"
    page = arrange(scene, NARROW, measure, NARROW) if one else arrange(scene, WIDTH, measure)
    fitted = axes.fit([scene])
    traces: list[dict[str, Any]] = []
    layout = _frame(scene, page, theme)
    named: set[tuple[str, str]] = set()
    for i, (panel, slot) in enumerate(zip(scene.panels, page.slots), start=1):
        view = axes.view(panel, slot.w, slot.h, (fitted.x[i - 1], fitted.y[i - 1]))
        found: Traces
        if surface and any(isinstance(mark, Field) for mark in panel.marks):
            found = solid(panel, _ref("scene", i), theme)
            layout[_ref("scene", i)] = _space(panel, slot, page, theme)
        else:
            found = flat(panel, view, (_ref("x", i), _ref("y", i)), theme)
            layout[_ref("xaxis", i)], layout[_ref("yaxis", i)] = _axes(
                panel, view, slot, page, i, theme
            )
            layout["annotations"] += _end_labels(panel, view, i, theme)
            layout["shapes"] += _border(panel, view, slot, page, theme)
        for trace in found:
            _name_once(trace, named)
            traces.append(trace)
        words = _words(panel, slot, page, theme)
        if one and _ref("scene", i) not in layout:
            _stick(words)
        layout["annotations"] += words
    for arrow in page.arrows:
        shapes, notes = _flow(arrow, page, theme)
        layout["shapes"] += shapes
        layout["annotations"] += notes
    # Checking every value again would take longer than drawing.
    return go.Figure({"data": traces, "layout": layout}, skip_invalid=False)


def _stick(words: list[dict[str, Any]]) -> None:
    """Let title and caption of the only panel follow it when the browser makes it smaller."""
    for note, y, anchor in zip(words, (1, 0), ("bottom", "top")):
        note |= {"xref": "x domain", "yref": "y domain", "x": 0, "y": y, "yanchor": anchor}
        note["yshift"] = 2 if y else -4


def _ref(axis: str, i: int) -> str:
    """The name of the i-th axis; the first has no number."""
    return axis if i == 1 else f"{axis}{i}"


def alone(scene: Scene, panel: int) -> Scene:
    """The scene with only one of its panels, which so gets all the room, and no words below."""
    shown = [scene.panels[panel]]
    return replace(scene, panels=shown, rows=(), flows=(), readings=(), sentence="")


def _frame(scene: Scene, page: Page, theme: Theme) -> dict[str, Any]:
    surface, grey = palette.SURFACE[theme], colours.role("neutral", theme)
    sentence = wrap(scene.sentence, page.width, lambda text: measure(text, 14))
    lines = [*(_number(reading) for reading in scene.readings), *sentence]
    note = _note("<br>".join(lines), 0, -4 / page.height, surface["text"], 13)
    return {
        "width": None,
        "height": round(page.height + BELOW + 20 * len(lines)),
        "autosize": True,
        "margin": {"l": 8, "r": 8, "t": 8, "b": BELOW - 8 + 20 * len(lines), "autoexpand": False},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": grey},
        "hoverlabel": {"bgcolor": surface["background"], "font": {"color": surface["text"]}},
        "legend": {
            "orientation": "h", "x": 0, "y": -(12 + 20 * len(lines)) / page.height,
            "yanchor": "top", "bgcolor": "rgba(0,0,0,0)", "font": {"color": surface["text"]},
            "itemsizing": "constant",
        },
        "barmode": "overlay",
        "hovermode": "closest",
        "dragmode": "zoom",
        "annotations": [note],
        "shapes": [],
        "meta": {"step": scene.step, "unit": scene.unit, "title": scene.title},
    }  # fmt: skip


def _number(reading: Reading) -> str:
    bound = axes.bound(reading)
    value = f"<b>{reading.label}</b> {three(reading.value)} {reading.unit}".rstrip()
    return f"{value} ({bound})" if bound else value


def _axes(
    panel: Panel, view: View, slot: Slot, page: Page, i: int, theme: Theme
) -> tuple[dict[str, Any], dict[str, Any]]:
    x, y, w, h = view.box
    line, grey = palette.SURFACE[theme]["line"], colours.role("neutral", theme)
    left, top = slot.x + x, slot.top + y
    common = {"zeroline": False, "showline": False, "ticks": "", "color": grey, "automargin": False}
    horizontal: dict[str, Any] = {
        **common,
        "domain": [left / page.width, min(1.0, (left + w) / page.width)],
        "range": [view.x0, view.x1],
        "anchor": _ref("y", i),
        "showgrid": False,
    }
    vertical: dict[str, Any] = {
        **common,
        "domain": [max(0.0, 1 - (top + h) / page.height), 1 - top / page.height],
        "range": [view.y0, view.y1],
        "anchor": _ref("x", i),
        "gridcolor": line,
        "showgrid": panel.kind == "chart",
    }
    if panel.kind != "chart":
        for axis in (horizontal, vertical):
            axis |= {"showticklabels": False, "constrain": "domain"}
        if page.width == NARROW:
            horizontal["constraintoward"], vertical["constraintoward"] = "left", "top"
        if panel.kind == "images":  # in pixels, from the top
            horizontal |= {"range": [0, slot.w], "fixedrange": True}
            vertical |= {"range": [slot.h, 0], "fixedrange": True}
        vertical |= {"scaleanchor": _ref("x", i), "scaleratio": 1}
        return horizontal, vertical
    horizontal["title"] = {"text": panel.xlabel, "standoff": 4, "font": {"size": 12}}
    vertical["title"] = {"text": panel.ylabel, "standoff": 4, "font": {"size": 12}}
    vertical |= {"type": "log", "dtick": 1} if panel.log_y else {"nticks": round(h / 46) + 1}
    horizontal |= (
        {"type": "log", "dtick": 1}
        if panel.log_x
        else {"nticks": min(8, round(w / 70) + 1), "tickangle": 0}
    )
    bars = next((mark for mark in panel.marks if isinstance(mark, Bars)), None)
    if bars is not None:
        shown = axes.bar_labels(bars, w, measure)
        horizontal |= {
            "range": [-0.5, len(bars.values) - 0.5],
            "tickvals": [k for k, _ in shown],
            "ticktext": [label for _, label in shown],
        }
    return horizontal, vertical


def _space(panel: Panel, slot: Slot, page: Page, theme: Theme) -> dict[str, Any]:
    field = next(mark for mark in panel.marks if isinstance(mark, Field))
    line, grey = palette.SURFACE[theme]["line"], colours.role("neutral", theme)
    axis = {"backgroundcolor": "rgba(0,0,0,0)", "gridcolor": line, "color": grey, "title": ""}
    return {
        "domain": {
            "x": [slot.x / page.width, min(1.0, (slot.x + slot.w) / page.width)],
            "y": [max(0.0, 1 - (slot.top + slot.h) / page.height), 1 - slot.top / page.height],
        },
        "xaxis": axis | {"range": list(panel.xlim or (0, 1)), "nticks": 5},
        "yaxis": axis | {"range": list(panel.ylim or (0, 1)), "nticks": 5},
        "zaxis": axis | {"range": [field.low, field.high], "nticks": 4},
        "aspectmode": "manual",
        "aspectratio": {"x": 1, "y": 1, "z": 0.6},
        "camera": {"eye": {"x": 1.0, "y": -1.5, "z": 0.95}},
    }


def _words(panel: Panel, slot: Slot, page: Page, theme: Theme) -> list[dict[str, Any]]:
    surface = palette.SURFACE[theme]
    x = slot.x / page.width
    colour = palette.PRIMARY[theme] if panel.active else surface["text"]
    title = _note(f"<b>{panel.title}</b>", x, 1 - slot.y / page.height, colour, 13)
    if not slot.caption:
        return [title]
    y = 1 - (slot.top + slot.h + 4) / page.height
    grey = colours.role("neutral", theme)
    return [title, _note("<br>".join(slot.caption), x, y, grey, 12)]


def _note(text: str, x: float, y: float, colour: str, size: int) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left",
        "yanchor": "top", "align": "left", "showarrow": False, "borderpad": 0,
        "font": {"color": colour, "size": size},
    }  # fmt: skip


def _end_labels(panel: Panel, view: View, i: int, theme: Theme) -> list[dict[str, Any]]:
    if panel.kind != "chart":
        return []
    notes = []
    for label in end_labels(panel, view, lambda text: measure(text, 12, BOLD)):
        x, y, w, h = view.box
        notes.append(
            {
                "text": f"<b>{label.text}</b>",
                "x": (label.right - x) / w,
                "y": view.y0 + (y + h - label.y) / h * (view.y1 - view.y0),
                "xref": _ref("x", i) + " domain", "yref": _ref("y", i),
                "xanchor": "right", "yanchor": "bottom",
                "showarrow": False, "borderpad": 0,
                "font": {"color": colours.role(label.mark.role, theme), "size": 12},
            }
        )  # fmt: skip
    return notes


def _border(panel: Panel, view: View, slot: Slot, page: Page, theme: Theme) -> list[dict[str, Any]]:
    """The edge of a plane, lit up when the panel is active."""
    if panel.kind != "plane":
        return []
    colour = palette.PRIMARY[theme] if panel.active else palette.SURFACE[theme]["line"]
    i = page.slots.index(slot) + 1
    return [
        {
            "type": "rect", "xref": _ref("x", i) + " domain", "yref": _ref("y", i) + " domain",
            "x0": 0, "x1": 1, "y0": 0, "y1": 1,
            "line": {"color": colour, "width": 2 if panel.active else 1},
        }
    ]  # fmt: skip


def _flow(
    arrow: Arrow, page: Page, theme: Theme
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    colour, width = colours.role(arrow.flow.role, theme), 3 if arrow.flow.active else 1.5
    shapes = [
        {
            "type": "line", "xref": "paper", "yref": "paper",
            "x0": a[0] / page.width, "y0": 1 - a[1] / page.height,
            "x1": b[0] / page.width, "y1": 1 - b[1] / page.height,
            "line": {"color": colour, "width": width},
        }
        for a, b in zip(arrow.path, arrow.path[1:])
    ]  # fmt: skip
    (x0, y0), (x1, y1) = arrow.path[-2:]
    length = max(abs(x1 - x0), abs(y1 - y0)) or 1.0
    head = _note("", x1 / page.width, 1 - y1 / page.height, colour, 11)
    head |= {"showarrow": True, "arrowhead": 2, "arrowwidth": width, "arrowcolor": colour}
    head |= {"ax": (x0 - x1) / length * 10, "ay": (y0 - y1) / length * 10}
    x, y = arrow.label
    label = _note("<br>".join(arrow.lines), x / page.width, 1 - y / page.height, colour, 11)
    return shapes, [head, label | {"xanchor": arrow.align, "yanchor": "bottom"}]


def _name_once(trace: dict[str, Any], named: set[tuple[str, str]]) -> None:
    """Marks of the same name and role share an entry of the legend, which switches all of them."""
    name = (trace.pop("role"), trace["name"])
    if trace["type"] == "image":  # has no place in a legend
        return
    trace["legendgroup"] = ":".join(name)
    trace["showlegend"] = trace.get("showlegend", True) and name not in named and bool(name[1])
    if trace["showlegend"]:
        named.add(name)
