"""Each kind of mark as plotly traces."""

import base64
import io
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from explorer.draw import axes, colours
from explorer.draw.axes import View, three
from explorer.draw.palette import SURFACE, Theme
from explorer.draw.pillow_marks import FAINT, THICK, arrow_shapes, by_colour, links
from explorer.scene import (
    Arrows,
    Bars,
    Curve,
    Field,
    Images,
    Links,
    Maps,
    Mark,
    Mesh,
    Panel,
    Points,
    Text,
)

Traces: TypeAlias = list[dict[str, Any]]

SYMBOLS = {"dot": "circle", "ring": "circle-open", "cross": "x-thin-open", "square": "square"}
PLACE = "(%{x:.3~g}, %{y:.3~g})"


def flat(panel: Panel, view: View, on: tuple[str, str], theme: Theme) -> Traces:
    """The marks of a panel on a pair of axes, each in front of those before it."""
    bars = [mark for mark in panel.marks if isinstance(mark, Bars)]
    found: Traces = []
    for depth, mark in enumerate(panel.marks):
        if isinstance(mark, Bars):
            traces = _bars(mark, bars.index(mark), len(bars), theme)
        else:
            traces = _flat(mark, panel, view, theme)
        for trace in traces:
            if trace["type"] != "bar" or depth:
                trace["zorder"] = depth
            found.append(trace | {"xaxis": on[0], "yaxis": on[1]})
    if not found:  # axes without a trace are not drawn
        found.append(_scatter("", "neutral", np.empty((0, 2)), mode="markers", showlegend=False))
        found[-1] |= {"xaxis": on[0], "yaxis": on[1]}
    return found


def _flat(mark: Mark, panel: Panel, view: View, theme: Theme) -> Traces:
    match mark:
        case Field():
            return _field(mark, panel, theme)
        case Points():
            return points(mark, theme)
        case Curve():
            return curve(mark, theme)
        case Arrows():
            return _arrows(mark, view, theme)
        case Mesh():
            line = {"color": colours.role(mark.role, theme), "width": 1}
            xy = broken([*mark.xy, *mark.xy.swapaxes(0, 1)])
            return [_scatter(mark.name, mark.role, xy, line=line, opacity=0.75, hoverinfo="skip")]
        case Images():
            return _images(mark, panel, view, theme)
        case Links():
            return _links(mark, view, theme)
        case Maps():
            return _images(colours.as_images(mark, theme), panel, view, theme, smooth=True)
        case Text():
            colour = colours.role(mark.role, theme)
            colour = SURFACE[theme]["text"] if mark.role == "neutral" else colour
            trace = _scatter(mark.name, mark.role, np.array([mark.xy]), mode="text")
            font = {"color": colour, "size": 12}
            return [trace | {"text": [mark.text], "textfont": font, "showlegend": False}]
    raise TypeError(f"no such mark: {mark!r}")


def broken(lines: list[np.ndarray]) -> np.ndarray:
    """Several lines (n, 2) as one, with rows of NaN between them."""
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for line in lines for part in (line, gap)] or [gap])


def _scatter(name: str, role: str, xy: np.ndarray, **more: Any) -> dict[str, Any]:
    xy = np.asarray(xy, dtype=np.float32)
    trace = {"type": "scatter", "name": name, "role": role, "x": xy[:, 0], "y": xy[:, 1]}
    return trace | {"mode": "lines"} | more


def _field(mark: Field, panel: Panel, theme: Theme) -> Traces:
    (x0, x1), (y0, y1) = panel.xlim or (0, 1), panel.ylim or (0, 1)
    rows, columns = mark.values.shape
    dx, dy = (x1 - x0) / columns, (y1 - y0) / rows
    trace = {
        "type": "heatmap", "name": mark.name, "role": "field", "z": mark.values,
        "x0": x0 + dx / 2, "dx": dx, "y0": y0 + dy / 2, "dy": dy,
        "zmin": mark.low, "zmax": mark.high, "zsmooth": "best", "showscale": False,
        "colorscale": scale(mark, theme), "hoverongaps": False, "showlegend": True,
        "hovertemplate": f"{mark.name} %{{z:.3~g}}<extra>{mark.meaning}</extra>",
    }  # fmt: skip
    if mark.classes is None:
        return [trace]
    # Its colours depend on two numbers: drawn as an image, while the numbers answer the pointer.
    picture = Image.fromarray(colours.field_pixels(mark, theme))
    smooth = picture.resize((columns * 8, rows * 8), Image.Resampling.BILINEAR)
    seen = _picture(mark.name, "field", np.asarray(smooth), (x0, y1, x1, y0))
    template = f"{mark.name} %{{text}}: %{{z:.3~g}}<extra></extra>"
    trace |= {
        "opacity": 0,
        "zsmooth": False,
        "showlegend": False,
        "text": mark.classes,
        "hovertemplate": template,
    }
    return [seen, trace]


def scale(mark: Field, theme: Theme) -> list[list[Any]]:
    """The colours of a field as plotly wants them."""
    shades = colours.field_scale(mark.ends, theme)
    chosen = np.array([*range(0, 256, 15)])
    middle = [] if "neutral" in mark.ends else [[0.5, colours.text(shades[127:129].mean(0))]]
    stops = [[i / 255, colours.text(shades[i])] for i in chosen]
    return sorted([*stops, *middle], key=lambda stop: stop[0])


def _picture(
    name: str, role: str, pixels: np.ndarray, corners: tuple[float, float, float, float]
) -> dict[str, Any]:
    """An image over left, top, right, bottom in the units of the axes."""
    left, top, right, bottom = corners
    if bottom < top:  # y grows upwards, and plotly starts with the lowest row
        pixels, top, bottom = pixels[::-1], bottom, top
    h, w = pixels.shape[:2]
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    dx, dy = (right - left) / w, (bottom - top) / h
    return {
        "type": "image", "name": name, "role": role, "hoverinfo": "skip",
        "source": "data:image/png;base64," + base64.b64encode(file.getvalue()).decode(),
        "x0": left + dx / 2, "dx": dx, "y0": top + dy / 2, "dy": dy,
    }  # fmt: skip


def points(mark: Points, theme: Theme) -> Traces:
    found: Traces = []
    for colour, members in by_colour(mark, theme):
        template = f"{mark.name} {PLACE}"
        if mark.classes is not None and len(members):
            template = f"{mark.name} {mark.classes[members[0]]} {PLACE}"
        line = {"width": 1.5, "color": colour} if mark.shape in ("ring", "cross") else {"width": 0}
        trace = _scatter(
            mark.name, mark.role, mark.xy[members], mode="markers", opacity=mark.opacity,
            marker={"color": colour, "size": 2 * mark.size, "symbol": SYMBOLS[mark.shape],
                    "line": line},
        )  # fmt: skip
        if mark.values is not None:
            trace["customdata"] = mark.values[members]
            template += ": %{customdata:.3~g}"
        trace["hovertemplate"] = template + "<extra></extra>"
        found.append(trace)
    return found


def curve(mark: Curve, theme: Theme) -> Traces:
    colour = colours.role(mark.role, theme)
    found: Traces = []
    if mark.band is not None:
        good = np.isfinite(mark.band).all(axis=1) & np.isfinite(mark.xy).all(axis=1)
        x, band = mark.xy[good, 0], mark.band[good]
        edge = np.stack([np.r_[x, x[::-1]], np.r_[band[:, 1], band[::-1, 0]]], axis=1)
        r, g, b = (int(value) for value in colours.rgb(colour))
        tint = f"rgba({r},{g},{b},0.18)"
        found.append(
            _scatter(
                mark.name, mark.role, edge, fill="toself", fillcolor=tint, line={"width": 0},
                hoverinfo="skip", showlegend=False,
            )
        )  # fmt: skip
    dashed = mark.dashed or mark.role == "truth"
    line = {"color": colour, "width": mark.width, "dash": "6px,4px" if dashed else "solid"}
    template = f"{mark.name} {PLACE}<extra></extra>"
    found.append(_scatter(mark.name, mark.role, mark.xy, line=line, hovertemplate=template))
    return found


def _arrows(mark: Arrows, view: View, theme: Theme) -> Traces:
    colour = colours.role(mark.role, theme)
    shapes = arrow_shapes(view.xy(mark.xy), view.xy(mark.xy + mark.uv))
    shafts = broken([view.units(shaft) for shaft, _ in shapes])
    heads = broken([view.units(head) for _, head in shapes])
    line = {"color": colour, "width": 1.2, "dash": "3px,2px" if mark.role == "truth" else "solid"}
    return [
        _scatter(mark.name, mark.role, shafts, line=line, opacity=0.85, hoverinfo="skip"),
        _scatter(
            mark.name, mark.role, heads, fill="toself", fillcolor=colour, line={"width": 0},
            opacity=0.85, hoverinfo="skip", showlegend=False,
        ),
    ]  # fmt: skip


def _links(mark: Links, view: View, theme: Theme) -> Traces:
    """Links of equal colour and thickness as one line, and their values under the pointer."""
    found: Traces = []
    for role, share, lines in links(mark, view):
        line = {"color": colours.role(role, theme), "width": THICK * share}
        xy = broken([view.units(each) for each in lines])
        opacity = FAINT + (1 - FAINT) * share
        found.append(_scatter(mark.name, role, xy, line=line, opacity=opacity, hoverinfo="skip"))
    hover = _scatter(mark.name, "field", mark.xy + mark.uv / 2, mode="markers", showlegend=False)
    names = [*mark.labels] or [mark.name] * len(mark.xy)
    hover |= {"text": [f"{name}: {three(v)}" for name, v in zip(names, mark.values)]}
    hover |= {"marker": {"color": "rgba(0,0,0,0)", "size": 12}}
    return [*found, hover | {"hovertemplate": "%{text}<extra></extra>"}]


def _images(mark: Images, panel: Panel, view: View, theme: Theme, smooth: bool = False) -> Traces:
    """All images in one picture with hard pixels, their names under the pointer."""
    places = axes.cells(mark, view, smooth=smooth)
    pixels = colours.image_pixels(mark, theme)
    w = pixels.shape[2]
    times = max(1, round(2 * places[0][2] / w)) if places else 1  # twice as fine as the screen
    fine = places[0][2] / (times * w) if places else 1.0  # pixels of the panel to one of ours
    left, top = (min(place[i] for place in places) for i in (0, 1))
    right, bottom = (max(place[i] + place[i + 2] for place in places) for i in (0, 1))
    size = round((bottom - top) / fine), round((right - left) / fine)
    sheet = np.zeros((*size, 4), np.uint8)
    for image, (x, y, _, _) in zip(pixels, places):
        i, j = round((y - top) / fine), round((x - left) / fine)
        big = image.repeat(times, 0).repeat(times, 1)
        room = sheet[i : i + big.shape[0], j : j + big.shape[1]]
        room[..., :3], room[..., 3] = big[: room.shape[0], : room.shape[1]], 255

    def units(xy: np.ndarray) -> np.ndarray:
        return xy if panel.kind == "images" else view.units(xy)

    (x0, y0), (x1, y1) = units(np.array([[left, top], [right, bottom]]))
    centres = units(np.array([[x + w / 2, y + h / 2] for x, y, w, h in places]))
    names = [
        mark.captions[i] if i < len(mark.captions) and mark.captions[i] else f"{mark.name} {i + 1}"
        for i in range(len(places))
    ]
    hover = _scatter(mark.name, mark.role, centres, mode="markers", showlegend=False)
    hover |= {"text": names, "hovertemplate": "%{text}<extra></extra>"}
    hover |= {"marker": {"color": "rgba(0,0,0,0)", "size": min(places[0][2:]) if places else 1}}
    found = [_picture(mark.name, mark.role, sheet, (x0, y0, x1, y1)), hover]
    outlines = [
        units(np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]))
        for i, (x, y, w, h) in enumerate(places)
        if i in mark.marked
    ]
    if outlines:
        line = {"color": colours.role(mark.role, theme), "width": 2}
        found.append(
            _scatter(
                mark.name, mark.role, broken(outlines), line=line, hoverinfo="skip",
                showlegend=False,
            )
        )  # fmt: skip
    if mark.captions:
        below = units(np.array([[x + w / 2, y + h + 8] for x, y, w, h in places]))
        words = _scatter(mark.name, mark.role, below, mode="text", hoverinfo="skip")
        font = {"color": SURFACE[theme]["text"], "size": 12}
        found.append(words | {"text": list(mark.captions), "textfont": font, "showlegend": False})
    return found


def _bars(mark: Bars, k: int, of: int, theme: Theme) -> Traces:
    n = len(mark.values)
    left = np.arange(n) - 0.4 + k * 0.8 / of
    width = 0.8 / of
    colour: Any = colours.role(mark.role, theme)
    if mark.classes is not None:
        colour = [colours.class_colour(int(index), theme) for index in mark.classes]
    truth = mark.role == "truth"
    labels = [mark.labels[i] if i < len(mark.labels) else str(i) for i in range(n)]
    bars = {
        "type": "bar", "name": mark.name, "role": mark.role, "y": mark.values,
        "x": left + width / 2, "width": width, "opacity": 0.85,
        "marker": {"color": "rgba(0,0,0,0)" if truth else colour, "line": {"width": 0}},
        "text": labels, "textposition": "none",
        "hovertext": [f"{label} {mark.name} {three(v)}" for label, v in zip(labels, mark.values)],
        "hoverinfo": "text", "showlegend": not truth,
    }  # fmt: skip
    if not truth:
        return [bars]
    outlines = [
        np.array([[x, 0], [x, v], [x + width, v], [x + width, 0], [x, 0]])
        for x, v in zip(left, mark.values)
    ]
    line = {"color": colour, "width": 1.5, "dash": "4px,3px"}
    return [bars, _scatter(mark.name, "truth", broken(outlines), line=line, hoverinfo="skip")]
