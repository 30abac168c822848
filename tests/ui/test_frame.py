"""The frame and the words around every page."""

import gc

from streamlit.testing.v1 import AppTest

from explorer.ui import frame
from explorer.ui.frame import ICONS


def test_what_a_heavy_library_left_behind_is_never_collected_again():
    import torch  # noqa: F401 - the library whose objects are meant

    frame._frozen.clear()
    gc.unfreeze()
    frame._freeze_imports()
    frozen = gc.get_freeze_count()
    assert frozen > 10_000
    keep = [[] for _ in range(1000)]
    frame._freeze_imports()  # only once: later garbage must stay collectable
    assert gc.get_freeze_count() <= frozen
    assert len(keep) == 1000
    gc.unfreeze()


def test_the_icons_lie_beside_the_app():
    assert {"icon-64.png", "logo.svg"} <= {file.name for file in ICONS.iterdir()}


def words() -> None:
    from explorer import ui
    from explorer.prose import Formula

    ui.explain("""
        Points that are :orange[made up]
        follow the data.
    """)
    ui.maths([Formula("Area", r"a^2"), Formula("Another", r"b^2")], {"a": "a side", "b": "another"})
    ui.source(ui.role, ui.Preset)
    ui.sources([("Shannon 1948", "https://example.org/shannon")])


def test_formulas_name_their_symbols_and_the_code_is_the_code_that_runs():
    app = AppTest.from_function(words).run()
    assert not app.exception
    assert [expander.label for expander in app.expander] == [
        "The maths", "The code that just ran", "Sources"
    ]  # fmt: skip
    assert len(app.latex) == 2
    assert app.markdown[1].value == "- $a$: a side\n- $b$: another"
    assert app.code[0].value.startswith("def role(")
    assert "class Preset:" in app.code[1].value
    assert "[Shannon 1948](https://example.org/shannon)" in app.markdown[2].value
    assert app.markdown[0].value.startswith("Points")


def test_everything_closed_by_default():
    app = AppTest.from_function(words).run()
    assert not any(expander.proto.expanded for expander in app.expander)
