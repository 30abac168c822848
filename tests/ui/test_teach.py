"""The teacher's dialog makes a link, a code to scan, and keeps nothing."""

import io
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer.ui.classroom import rooms, teach
from explorer.ui.classroom.lesson_link import decode
from explorer.ui.home.contents import ROOT
from tests.links import nodes


def dialog() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    app.query_params["steps"], app.query_params["seed"] = "10", "7"
    app.session_state[teach.OPEN] = True
    return app.switch_page("pages/gan.py").run()


def links(app: AppTest) -> list[dict[str, list[str]]]:
    """What the links in the dialog say: for the class, and for the teacher."""
    assert not app.exception
    shown = [code.value for code in app.code if "lesson=" in code.value]
    return [parse_qs(urlsplit(each).query) for each in shown]


def test_what_the_teacher_writes_is_in_the_link_and_nowhere_else():
    app = dialog()
    app.text_input(key="teach-title").set_value("Why?").run()
    app.multiselect(key="teach-hidden").set_value(["loss"]).run()
    app.multiselect(key="teach-locked").set_value(["dataset"]).run()
    made = decode(links(app)[0]["lesson"][0])
    assert made.title == "Why?"
    assert made.stops[0].hidden == ("loss",)
    assert made.stops[0].locked == ("dataset",)
    assert made.stops[0].query["seed"] == "7"


def test_the_room_of_the_class_follows_from_the_teachers_key_and_seeds_may_be_their_own():
    app = dialog()
    app.toggle(key="teach-room").set_value(True).run()
    app.toggle(key="teach-own").set_value(True).run()
    for_class, for_teacher = links(app)
    shown = [code.value for code in app.code if "lesson=" in code.value]
    key = urlsplit(shown[1]).fragment.removeprefix("host=")
    assert rooms.valid(key, rooms.KEY)
    assert key not in shown[0]
    assert for_class["room"] == [rooms.code(key)]
    assert for_teacher["room"] == for_class["room"], "a proxy sends both to the same replica"
    assert for_class["own"] == ["1"]
    assert "seed" not in decode(for_class["lesson"][0]).stops[0].query


def test_the_code_to_scan_is_drawn_here_and_left_out_when_the_link_is_too_long():
    picture = teach.qr("https://host/?lesson=abc")
    assert picture is not None
    assert Image.open(io.BytesIO(picture)).width > 100
    assert teach.qr("x" * 5000) is None


def test_of_all_that_a_host_sees_only_the_link_in_the_dialog_has_the_key():
    key = rooms.new_key()
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    app.query_params["steps"], app.query_params["present"] = "10", "1"
    app.session_state["_host"] = key
    app.session_state["train-take"] = app.session_state["train-closely"] = True
    app.switch_page("pages/gan.py").run()
    assert f"You lead room **{rooms.code(key)}**" in " ".join(each.value for each in app.caption)
    assert app.query_params["room"] in (rooms.code(key), [rooms.code(key)])
    protos = [str(getattr(node, "proto", "")) for node in nodes(app._tree)]
    holding = [each for each in protos if key in each]
    assert len(holding) == 1, "the guard of the browser's address"
    assert "left" in holding[0]
    said = [code.value for code in app.code if "room=" in code.value]
    assert said
    assert all("present" not in each for each in said)
