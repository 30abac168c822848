"""A scene as a picture to take away: the same panels, colours and limits as on the screen."""

from PIL import Image

from explorer.draw import axes, colours, palette, pillow_legend, pillow_marks
from explorer.draw.axes import Fit, View, three
from explorer.draw.canvas import Canvas
from explorer.draw.end_labels import end_labels
from explorer.draw.flows import LINE, Arrow, Slot
from explorer.draw.layout import Page, arrange
from explorer.draw.lettering import BOLD, REGULAR, measure
from explorer.draw.palette import Theme
from explorer.scene import Bars, Limits, Panel, Scene

MARGIN = 20
HEADER = 26


def picture(
    scene: Scene,
    theme: Theme = "light",
    width: int = 1280,
    scale: float = 1.0,
    fitted: Fit | None = None,
    frame: int = 0,
    height: float = 0.0,
) -> Image.Image:
    """Draw a scene on `width` CSS pixels; the image is `scale` times as large.

    For a frame of a run, `fitted` is `axes.fit` of all its scenes, and `frame` which one of them
    this is: limits stay the same, and numbers have a history. `height` is the least of the image.
    """
    fitted = fitted or axes.fit([scene])
    page, legend, results = _plan(scene, width, fitted)
    height = max(height, height_of(scene, width, fitted))
    surface = palette.SURFACE[theme]
    size = round(width * scale), round(height * scale)
    image = Image.new("RGB", size, surface["background"])
    canvas = Canvas(image, (0, 0, width, height), scale)
    _header(scene, canvas, theme, width)
    body = canvas.at(MARGIN, MARGIN + HEADER, page.width, page.height)
    for i, (panel, slot) in enumerate(zip(scene.panels, page.slots)):
        _panel(panel, slot, (fitted.x[i], fitted.y[i]), body, theme)
        _passes(scene, slot, body, theme)
    for arrow in page.arrows:
        _flow(arrow, body, theme)
    y = page.height + 6
    for entries in legend:
        pillow_legend.draw(entries, body.at(0, y, page.width, pillow_legend.LINE), theme)
        y += pillow_legend.LINE
    at = body.at(0, y + 6, page.width, results.height)
    pillow_legend.results(scene, fitted, frame, at, theme)
    return image


def height_of(scene: Scene, width: int, fitted: Fit) -> float:
    """How many CSS pixels the picture of a scene is high."""
    page, legend, results = _plan(scene, width, fitted)
    below = 6 + pillow_legend.LINE * len(legend) + 6 + results.height
    return MARGIN + HEADER + page.height + below + MARGIN


def _plan(
    scene: Scene, width: int, fitted: Fit
) -> tuple[Page, list[list[pillow_legend.Entry]], pillow_legend.Results]:
    """Where the panels, the legend, and the readings with its sentence lie."""
    page = arrange(scene, width - 2 * MARGIN, measure)
    legend = pillow_legend.lines(fitted.marks, page.width)
    return page, legend, pillow_legend.plan(scene, page.width)


def panel_picture(
    panel: Panel, theme: Theme, width: int, height: int, scale: float = 1.0
) -> Image.Image:
    """One panel on its own, without title, caption and margins."""
    surface = palette.SURFACE[theme]
    image = Image.new("RGB", (round(width * scale), round(height * scale)), surface["background"])
    fitted = axes.fit([Scene([panel])])
    box = (0.0, 0.0, float(width), float(height))
    _paint(panel, Canvas(image, box, scale), (fitted.x[0], fitted.y[0]), box, theme)
    return image


def _header(scene: Scene, canvas: Canvas, theme: Theme, width: int) -> None:
    surface = palette.SURFACE[theme]
    canvas.write(scene.title, (MARGIN, MARGIN + 10), surface["text"], 16, weight=BOLD)
    grey = colours.role("neutral", theme)
    canvas.write(f"{scene.unit} {scene.step:,}", (width - MARGIN, MARGIN + 10), grey, 13, "right")


def _panel(
    panel: Panel, slot: Slot, fitted: tuple[Limits, Limits], body: Canvas, theme: Theme
) -> None:
    text = palette.SURFACE[theme]["text"]
    body.write(panel.title, (slot.x, slot.y + 15), text, 13, weight=BOLD)
    canvas = body.at(slot.x, slot.top, slot.w, slot.h)
    _paint(panel, canvas, fitted, (0, 0, slot.w, slot.h), theme)
    if panel.active:
        frame = (slot.x - 1, slot.top - 1, slot.w + 2, slot.h + 2)
        body.rectangle(frame, palette.PRIMARY[theme], 2)
    for i, line in enumerate(slot.caption):
        at = (slot.x, slot.top + slot.h + 4 + LINE * i + 12)
        body.write(line, at, colours.role("neutral", theme))


def _passes(scene: Scene, slot: Slot, body: Canvas, theme: Theme) -> None:
    """What a panel passes on, in words, where there is no room for arrows."""
    for i, flow in enumerate(reversed(slot.passes)):
        at = (slot.x, slot.bottom - LINE * i - 4)
        text = f"{flow.label} → {scene.panels[flow.target].title}"
        weight = BOLD if flow.active else REGULAR
        body.write(text, at, colours.role(flow.role, theme), weight=weight)


def _paint(
    panel: Panel,
    canvas: Canvas,
    fitted: tuple[Limits, Limits],
    box: tuple[float, float, float, float],
    theme: Theme,
) -> None:
    view = axes.view(panel, box[2], box[3], fitted)
    if panel.kind == "chart":
        _axes(panel, canvas, view, theme)
    pillow_marks.draw(panel, canvas, view, theme)
    if panel.kind == "chart":
        back = palette.SURFACE[theme]["background"]
        for label in end_labels(panel, view, lambda text: measure(text, 12, BOLD)):
            colour = colours.role(label.mark.role, theme)
            at = (label.right, label.y)
            canvas.write(label.text, at, colour, 12, "right", BOLD, halo=back)
    elif panel.kind == "plane":
        x, y, w, h = view.box
        line = palette.SURFACE[theme]["line"]
        canvas.rectangle((x + 0.5, y + 0.5, w - 1, h - 1), line, 1)


def _axes(panel: Panel, canvas: Canvas, view: View, theme: Theme) -> None:
    x, y, w, h = view.box
    line, grey = palette.SURFACE[theme]["line"], colours.role("neutral", theme)
    for value in axes.y_ticks(view):
        at = float(view.y(value))
        canvas.fill((x, round(at), w, 1), line)
        canvas.write(three(value), (x - 5, at + 4), grey, align="right")
    bars = next((mark for mark in panel.marks if isinstance(mark, Bars)), None)
    if bars is not None:
        for i, label in axes.bar_labels(bars, w, measure):
            slot = w / len(bars.labels)
            canvas.write(label, (x + slot * (i + 0.5), y + h + 14), grey, align="center")
    else:
        for value in axes.x_ticks(view):
            right = x + w + 12 - measure(three(value)) / 2  # the last number stays inside
            at_x = min(float(view.x(value)), right)
            canvas.write(three(value), (at_x, y + h + 14), grey, align="center")
    canvas.write(panel.xlabel, (x + w / 2, y + h + 30), grey, align="center")
    if panel.ylabel:
        canvas.write(panel.ylabel, (12, y + h / 2), grey, turned=True)


def _flow(arrow: Arrow, body: Canvas, theme: Theme) -> None:
    flow = arrow.flow
    colour, back = colours.role(flow.role, theme), palette.SURFACE[theme]["background"]
    body.arrow(arrow.path, colour, 3 if flow.active else 1.5, 1.0 if flow.active else 0.8)
    x, y = arrow.label
    weight = BOLD if flow.active else REGULAR
    for i, line in enumerate(reversed(arrow.lines)):
        body.write(line, (x, y - 13 * i), colour, 11, arrow.align, weight, halo=back)
