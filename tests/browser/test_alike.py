"""The same scene looks the same in the player as in the picture to take away."""

import base64
import io
from importlib import import_module

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from explorer.draw import palette
from explorer.draw.axes import fit
from explorer.draw.layout import SCREEN, arrange
from explorer.draw.lettering import FILE, measure
from explorer.draw.pillow_scene import HEADER, MARGIN, picture
from explorer.draw.wire import Recording
from tests.draw import scenes

player = import_module("explorer.ui.player.player")  # the package has a function of this name
pytestmark = pytest.mark.browser

SHOW = """async ([code, packet, vars, font]) => {
  document.body.innerHTML = '<div class="root"></div>';
  document.body.style.cssText = `margin: 0; ${vars}`;
  const source = `url(data:font/woff2;base64,${font})`;
  const face = new FontFace('Source Sans', source, { weight: '200 900' });
  document.fonts.add(await face.load());
  const bytes = Uint8Array.from(atob(packet), (c) => c.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const component = { data: bytes, parentElement: document.body, setStateValue() {} };
  (await import(address)).default(component);
}"""
PLACES = """() => [...document.querySelectorAll('.panel')].map((panel) => {
  const canvas = panel.querySelector('canvas').getBoundingClientRect();
  return [canvas.x, canvas.y, canvas.width, canvas.height].map(Math.round);
})"""
SHAFTS = """() => [...document.querySelectorAll('.flows .shaft')].map((shaft) =>
  shaft.getAttribute('d').slice(1).split('L').map((point) => point.split(' ').map(Number))
)"""
DEMOS = {"demo": scenes.demo, "colours": scenes.colours, "flows": scenes.flows}


def shown(page: Page, name: str, theme: palette.Theme, width: int) -> Image.Image:
    """The stage of a player that holds one scene, as a picture."""
    scene = DEMOS[name]()
    recording = Recording()
    recording.add(scene)
    header = {
        "run": "run", "view": "", "total": 1, "expected": 1, "ended": True, "failed": "",
        "note": "", "shared": 0, "interval": 1, "autoplay": False, "version": player.VERSION,
        "beside": False, "settle": None, "shape": None, "n": 0, **player._ONCE,
    }  # fmt: skip
    packet = recording.packet(0, 1, header)
    surface = palette.SURFACE[theme]
    colours = {
        "background-color": surface["background"], "text-color": surface["text"],
        "border-color": surface["line"], "secondary-background-color": surface["panel"],
        "primary-color": palette.PRIMARY[theme], "font": "'Source Sans'",
    }  # fmt: skip
    variables = "".join(f"--st-{key}: {value};" for key, value in colours.items())
    variables += f"background: {surface['background']}"
    loader = (player.HERE / "loader.js").read_text(encoding="utf-8")
    font, sent = (base64.b64encode(data).decode() for data in (FILE.read_bytes(), packet))
    page.set_viewport_size({"width": width, "height": SCREEN})
    page.goto("about:blank")
    page.evaluate(SHOW, [loader, sent, variables, font])
    page.wait_for_function("document.querySelector('.player')?.dataset.painted > 0")
    page.wait_for_timeout(300)
    stage = page.locator(".stage")
    return Image.open(io.BytesIO(stage.screenshot())).convert("RGB")


@pytest.mark.parametrize("width", [390, 800, 1240, 1600])
@pytest.mark.parametrize("name", DEMOS)
def test_panels_lie_at_the_same_places(page: Page, name: str, width: int) -> None:
    shown(page, name, "light", width)
    laid = arrange(DEMOS[name](), width, measure)
    wanted = [[slot.x, slot.top, slot.w, slot.h] for slot in laid.slots]
    assert np.abs(np.array(page.evaluate(PLACES)) - np.array(wanted)).max() <= 2
    shafts = page.evaluate(SHAFTS)
    assert len(shafts) == len(laid.arrows)
    for drawn, arrow in zip(shafts, laid.arrows):
        assert np.allclose(drawn[:-1], arrow.path[:-1], atol=2)
        # The head, 8 pixels long, goes on from where the shaft ends.
        assert np.hypot(*np.subtract(drawn[-1], arrow.path[-1])) == pytest.approx(8, abs=2)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", DEMOS)
def test_panels_have_the_same_pixels(page: Page, name: str, theme: palette.Theme) -> None:
    scene = DEMOS[name]()
    live = shown(page, name, theme, 1240)
    taken = picture(scene, theme, 1240 + 2 * MARGIN, fitted=fit([scene]))
    taken = taken.crop((MARGIN, MARGIN + HEADER, MARGIN + 1240, taken.height))
    for panel, slot in zip(scene.panels, arrange(scene, 1240, measure).slots):
        box = (slot.x, slot.top, slot.x + slot.w, slot.top + slot.h)
        a, b = (np.asarray(image.crop(box)).astype(float) for image in (live, taken))
        assert np.abs(a - b).mean() < 2.5, panel.title
        assert np.abs(coarse(a) - coarse(b)).max() < 45, panel.title


def coarse(image: np.ndarray, size: int = 8) -> np.ndarray:
    """Means of blocks: what is seen from some distance, whatever the edges."""
    h, w = (length // size * size for length in image.shape[:2])
    blocks = image[:h, :w].reshape(h // size, size, w // size, size, 3)
    return np.asarray(blocks.mean(axis=(1, 3)))
