"""What a visitor sees of a run that trains: painted frames, the price of watching, the first frame.

Measured in a real browser on a fresh server, on the page and at the settings a visitor gets.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import mean, median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.row import Row
from tests.browser.conftest import FLAGS, Server, find_browser, serve

PAGE = "gan"
ROUNDS = 3
STRETCH = (25, 100)  # snapshots of the run between which its pace is taken
STATE = """() => {
  for (const node of document.querySelectorAll('*')) {
    const found = node.shadowRoot?.querySelector('.player');
    if (found) return { ...found.dataset };
  }
  return {};
}"""

# Trains a config without any viewer; says how many snapshots it made a second, and a CPU second.
ALONE = """
import json, sys, time
from importlib import import_module
from itertools import islice
name, settings, first, last = sys.argv[1], json.loads(sys.argv[2]), *map(int, sys.argv[3:])
concept = import_module(f"explorer.concepts.{name}")
source = concept.train(concept.Config(**settings))
for _ in islice(source, first): pass
start, used = time.perf_counter(), time.process_time()
for _ in islice(source, last - first): pass
passed, used = time.perf_counter() - start, time.process_time() - used
print(json.dumps([(last - first) / passed, (last - first) / used]))
"""


@dataclass(frozen=True)
class Pace:
    """Of a stretch of a run: snapshots and painted frames by the second."""

    snapshots: float
    snapshots_cpu: float  # by the CPU second of the whole server
    painted: float = 0.0


def alone(concept: str, first: int, last: int, **settings: object) -> Pace:
    """The pace from snapshot `first` to `last` of a run that nobody watches."""
    command = [sys.executable, "-c", ALONE, concept, json.dumps(settings), str(first), str(last)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Pace(*json.loads(said))


def watched(page: Page, server: Server, address: str, first: int, last: int) -> Pace:
    """The pace of the same stretch, as the browser sees it."""
    page.goto(address)

    def until(count: int) -> tuple[float, float, int, int]:
        while int((state := page.evaluate(STATE)).get("frames", 0)) < count:
            page.wait_for_timeout(20)
        return time.perf_counter(), server.cpu(), int(state["frames"]), int(state["painted"])

    start, used, known, painted = until(first)
    end, all_used, all_known, all_painted = until(last)
    return Pace(
        (all_known - known) / (end - start),
        (all_known - known) / (all_used - used),
        (all_painted - painted) / (end - start),
    )


SCRUB = """(seconds) => new Promise((done) => {
  const root = [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.player')).find(Boolean);
  const scrub = root.querySelector('.scrub'), start = performance.now();
  const before = +root.dataset.painted;
  let k = 0;
  const move = () => {
    k += 1;
    scrub.value = Math.round((Math.sin(k / 20) * 0.5 + 0.5) * scrub.max);
    scrub.dispatchEvent(new Event('input'));
    const passed = (performance.now() - start) / 1000;
    if (passed < seconds) requestAnimationFrame(move);
    else done((+root.dataset.painted - before) / passed);
  };
  requestAnimationFrame(move);
})"""


def scrubbed(page: Page, seconds: float = 3.0) -> float:
    """Painted frames a second while a hand moves over the time line of a finished run."""
    return page.evaluate(SCRUB, seconds)


RELEASE = """() => {
  const root = () => [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.player')).find(Boolean);
  document.addEventListener('pointerup', () => { window.released = performance.now(); }, true);
  window.await_run = () => {
    const before = root().dataset.run;
    window.painted = 0;
    const look = () => {
      const now = root()?.dataset.run;
      if (!now || now === before) requestAnimationFrame(look);
      else requestAnimationFrame(() => { window.painted = performance.now(); });
    };
    look();
  };
}"""


def first_frames(page: Page, slider: str, first: float, times: int = 9) -> list[float]:
    """Milliseconds from releasing a slider to the first painted frame of the new run.

    Every time at another place, the first at this share of its length: each run must be new.
    """
    page.evaluate(RELEASE)
    found = []
    for turn in range(times):
        box = page.get_by_role("group", name=slider).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] * (first + 0.09 * turn), box["y"] + box["height"] / 2
        page.evaluate("() => window.await_run()")
        page.mouse.click(x, y)
        page.wait_for_function("() => window.painted", timeout=20_000)
        found.append(page.evaluate("() => window.painted - window.released"))
        page.wait_for_timeout(1200)
    return found


def followed(page: Page, seconds: float = 3.0) -> float:
    """Painted frames a second of the pad of a latent space while a hand moves over it."""
    target = page.locator(".st-key-z-pad canvas").first
    target.wait_for()
    box = target.bounding_box()
    assert box is not None
    painted = "c => c.getRootNode().querySelector('.root').pad.painted"
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    before, began, step = target.evaluate(painted), time.monotonic(), 0
    while time.monotonic() - began < seconds:
        step += 1
        page.mouse.move(box["x"] + 20 + step * 7 % 350, box["y"] + 20 + step * 3 % 350)
    found = (target.evaluate(painted) - before) / (time.monotonic() - began)
    page.mouse.up()
    return found


def opened(browser: Browser) -> Page:
    """A fresh profile at 1440 x 900."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    return page


def measure(browser: Browser, server: Server, seed: int) -> dict[str, float]:
    """All figures of one round on the page."""
    page = opened(browser)
    address = f"{server.url}/{PAGE}?seed={seed}"
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
    free = [alone(PAGE, *STRETCH, seed=seed)]
    seen = watched(page, server, address, *STRETCH)
    free.append(alone(PAGE, *STRETCH, seed=seed))
    page.wait_for_selector(".player[data-state=over]")
    page.wait_for_timeout(6000)
    before = len(sent)
    scrub = scrubbed(page)
    assert len(sent) == before > 0, "a finished run needs no server"
    page.context.close()
    return {
        "painted": seen.painted,
        "kept": seen.snapshots / mean(each.snapshots for each in free),
        "kept_cpu": seen.snapshots_cpu / mean(each.snapshots_cpu for each in free),
        "scrub": scrub,
    }


def rows() -> list[Row]:
    """Live view, scrubbing and the way from a slider to the picture."""
    found: list[dict[str, float]] = []
    firsts = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for server in serve("streamlit_app.py"):
            opened(browser).goto(f"{server.url}/{PAGE}?steps=10")
            found = [measure(browser, server, 700 + round_) for round_ in range(ROUNDS)]
            page = opened(browser)
            page.goto(f"{server.url}/diffusion?seed=800")
            page.wait_for_selector(".player[data-frame]")
            page.wait_for_timeout(3000)
            slider = "Training steps"
            firsts = [median(first_frames(page, slider, 0.1 + 0.03 * k)) for k in range(ROUNDS)]
        for server in serve("tests/browser/pads.py"):
            page = opened(browser)
            page.goto(server.url)
            pad = [followed(page) for _ in range(ROUNDS)]
        browser.close()
    note = f"{PAGE} page, headless Chromium"
    note_live = f"{note}; between two snapshots points move"
    return [
        Row("painted frames/s live", [f["painted"] for f in found], 20, "high", note=note_live),
        Row("training rate kept while watched", [f["kept"] for f in found], 0.8, "high", note=note),
        Row(
            "the same by the CPU second of the server",
            [f["kept_cpu"] for f in found],
            0.8,
            "high",
            note="what drawing and answering cost",
        ),
        Row("painted frames/s scrubbing", [f["scrub"] for f in found], 30, "high", note=note),
        Row("painted frames/s of a pad under the hand", pad, 30, "high", note="decoded image"),
        Row("slider to first frame, median, ms", firsts, 400, note="diffusion page, 9 each"),
    ]
