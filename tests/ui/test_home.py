"""The home page: it paints without any model, and its map is the table of contents."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui.home import contents
from explorer.ui.home.contents import CONTENTS, ROOT

HOME = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
assert not app.exception
assert len(app.title) == 1
print([name for name in ("torch", "sklearn", "scipy") if name in sys.modules])
"""


def test_home_paints_before_any_model_library_is_imported():
    done = subprocess.run(
        [sys.executable, "-c", HOME], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def home() -> AppTest:
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()


def data(app: AppTest, name: str) -> dict:
    import json

    for each in app.get("bidi_component"):
        if each.proto.component_name == f"explorer_{name}":
            return json.loads(each.proto.json or each.proto.mixed.json)
    raise LookupError(name)


def test_the_map_has_a_card_for_every_page_in_the_order_of_the_contents(home):
    cards = data(home, "cards")["cards"]
    assert [card["name"] for card in cards] == [
        each.name for each in CONTENTS if each.name not in ("home", "glossary")
    ]


def test_every_card_has_a_picture_in_light_and_in_dark(home):
    for card in data(home, "cards")["cards"]:
        assert card["light"].startswith("data:image/webp;base64,"), card["name"]
        assert card["dark"].startswith("data:image/webp;base64,"), card["name"]


def test_there_are_three_guided_paths_and_the_last_leads_through_every_page(home):
    routes = data(home, "routes")["routes"]
    assert len(routes) == 3
    assert [stop["page"] for stop in routes[-1]["stops"]] == [
        each.name for each in CONTENTS if each.name not in ("home", "glossary")
    ]
    for route in routes:
        for stop in route["stops"]:
            assert stop["title"] == contents.entry(stop["page"]).title


def test_the_blocks_of_text_are_short(home):
    for block in home.markdown:
        assert block.value.startswith("<style>") or len(block.value.split()) < 60
