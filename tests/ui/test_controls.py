"""Controls and the link: the link holds the experiment, and nonsense in it does no harm."""

import pytest
from streamlit.testing.v1 import AppTest

NONSENSE = ["zzz", "", "-1", "1e999", "nan", "-inf", "1e9", "drawn:", "drawn:??", "0x10", "ring,",
            "🙂", "a" * 5000, "../../etc/passwd", "<b>", "None", "true"]  # fmt: skip


def strip(page="one"):
    import streamlit as st

    from explorer import ui
    from explorer.ui.controls import link
    from explorer.ui.controls.controls import number

    link.turn_to(st.session_state.get("page", page))
    ui.presets(
        {
            "as is": ui.Preset({"steps": 800, "rate": 0.001, "loss": "a", "on": False}, "So."),
            "works": ui.Preset({"steps": 300, "rate": 0.003, "loss": "b"}, "Because."),
            "fails": ui.Preset({"steps": 3000, "on": True, "dataset": "grid"}, "No.", good=False),
        }
    )
    st.session_state["values"] = {
        "dataset": ui.dataset(),
        "steps": ui.slider("Steps", 10, 3000, 800, 100, "steps"),
        "rate": ui.slider("Rate", 1e-4, 1e-1, 1e-3, 1e-4, "rate", log=True),
        "share": ui.slider("Share", 0.0, 1.0, 0.5, 0.1, "share"),
        "seed": number("Seed", 0, 9999, 0, "seed"),
        "on": ui.toggle("On", "on"),
        "loss": ui.choose("Loss", {"a": "Alpha", "b": "Beta"}, "loss"),
        "many": ui.choose("Many", {key: key * 3 for key in "abcdef"}, "many"),
    }


DEFAULTS = {"dataset": "ring", "steps": 800, "rate": 1e-3, "share": 0.5, "seed": 0, "on": False,
            "loss": "a", "many": "a"}  # fmt: skip
OTHERS = {"dataset": "moons", "steps": 20, "rate": 0.0037, "share": 0.3, "seed": 7, "on": True,
          "loss": "b", "many": "e"}  # fmt: skip


def run(**query: str) -> AppTest:
    app = AppTest.from_function(strip, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def values(app: AppTest) -> dict:
    assert not app.exception
    return app.session_state["values"]


def words(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def test_without_a_link_every_control_has_its_default():
    assert values(run()) == DEFAULTS


def test_a_link_restores_every_control_and_a_rerun_keeps_it():
    app = run(**{key: str(value).lower() for key, value in OTHERS.items()})
    assert values(app) == OTHERS
    assert values(app.run()) == OTHERS
    assert "The link asks" not in words(app)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_every_parameter_falls_back_to_the_default(nonsense):
    app = run(**dict.fromkeys(DEFAULTS, nonsense))
    found = values(app)
    assert found == DEFAULTS | ({"on": True} if nonsense == "true" else {})
    assert values(app.run()) == found


def test_what_was_wrong_with_a_link_is_said_with_parameter_and_value():
    said = words(run(steps="abc", loss="zz", dataset="drawn:??"))
    assert "steps=`'abc'`" in said
    assert "between 10 and 3000" in said
    assert "loss=`'zz'`" in said
    assert "drawing" in said


def test_the_sentence_goes_once_the_control_is_used():
    app = run(steps="abc", loss="zz")
    app.slider(key="steps").set_value(500).run()
    assert values(app)["steps"] == 500
    assert "abc" not in words(app)
    assert "zz" in words(app)
    app.segmented_control(key="loss-shown").set_value("b").run()
    assert "zz" not in words(app)


@pytest.mark.parametrize("sent", [-5, 10**9, float("inf"), float("nan")])
def test_what_no_control_can_show_is_not_believed_when_a_browser_sends_it(sent):
    app = run()
    app.number_input(key="seed").set_value(sent).run()
    assert values(app)["seed"] == 0
    app.slider(key="share").set_value(sent).run()
    assert values(app)["share"] == 0.5


def test_a_link_holds_keys_not_labels_and_no_defaults():
    app = run()
    app.segmented_control(key="loss-shown").set_value("b").run()
    app.selectbox(key="many-shown").select("c").run()
    assert values(app)["loss"] == "b"
    assert app.query_params["loss"] == "b"
    assert app.query_params["many"] == "c"
    assert "steps" not in app.query_params
    app.segmented_control(key="loss-shown").set_value("a").run()
    assert "loss" not in app.query_params


def test_a_preset_sets_the_controls_and_the_link_and_leaves_the_others_alone():
    app = run(seed="7")
    app.pills[0].set_value("works").run()
    assert values(app) == DEFAULTS | {"steps": 300, "rate": 0.003, "loss": "b", "seed": 7}
    assert app.query_params["rate"] == "0.003"
    assert "Because." in words(app)


def test_a_preset_is_marked_exactly_while_its_settings_hold():
    app = run()
    app.pills[0].set_value("fails").run()
    assert app.pills[0].value == "fails"
    assert values(app)["dataset"] == "grid"
    app.slider(key="steps").set_value(500).run()
    assert app.pills[0].value is None


def test_a_preset_that_holds_is_marked_from_the_first_moment():
    run()  # once a visitor was here, the defaults of a page are known
    assert run().pills[0].value == "as is"
    assert run(steps="300", rate="0.003", loss="b").pills[0].value == "works"
    assert run(steps="301", rate="0.003", loss="b").pills[0].value is None
    assert run(steps="3000", on="true", dataset="grid").pills[0].value == "fails"


def test_a_preset_outside_the_range_of_a_control_is_brought_into_it():
    def one():
        import streamlit as st

        from explorer import ui
        from explorer.ui.controls import link

        link.turn_to("one")
        ui.presets({"much": ui.Preset({"steps": 10**6, "share": 2}, "Too much.")})
        steps, share = (
            ui.slider("Steps", 10, 3000, 800, 100, "steps"),
            ui.slider("Share", 0.0, 1.0, 0.5, 0.1, "share"),
        )
        st.session_state["values"] = {"steps": steps, "share": share}

    app = AppTest.from_function(one).run()
    app.pills[0].set_value("much").run()
    assert values(app) == {"steps": 3000, "share": 1.0}
    assert isinstance(values(app)["steps"], int)


def test_nothing_leaks_from_one_page_to_the_next():
    app = run(**{key: str(value).lower() for key, value in OTHERS.items()})
    app.session_state["page"] = "two"
    app.query_params.clear()
    app.run()
    assert values(app) == DEFAULTS


def test_an_impossible_combination_is_said_in_place_and_ends_the_page():
    def page():
        import streamlit as st

        from explorer.ui.controls.controls import refuse

        refuse(ValueError("steps must be a whole number between 1 and 10. Got 11 instead."))
        st.write("never reached")

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert "steps must be a whole number between 1 and 10. Got `11`" in app.error[0].value
    assert not app.markdown


def test_a_logarithmic_slider_walks_in_steps_of_one_two_five():
    app = run()
    options = app.select_slider(key="rate").options
    assert options == ["0.0001", "0.0002", "0.0005", "0.001", "0.002", "0.005", "0.01", "0.02",
                       "0.05", "0.1"]  # fmt: skip


def test_of_a_parameter_that_stands_twice_the_last_is_used_and_that_is_said():
    app = AppTest.from_function(strip, default_timeout=60)
    for key, value in OTHERS.items():
        app.query_params[key] = ["zzz", str(value).lower()]
    assert values(app.run()) == OTHERS
    assert values(app.run()) == OTHERS
    for key in OTHERS:
        assert f"{key} stands twice in the link: `'zzz'`, " in words(app)
    assert "between" not in words(app)
