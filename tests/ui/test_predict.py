"""Predict, then run: commit once, wait for the run, then hear about every choice."""

import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui import Choice, Question


def page():
    import streamlit as st

    from explorer import ui

    choices = [
        ui.Choice("Eight", True, "It starts wide."),
        ui.Choice("One", False, "That is collapse."),
        ui.Choice("None", False, "It would be noise."),
    ]
    second = [ui.Choice("Yes", False, "Not yet."), ui.Choice("No", True, "Too few steps.")]
    st.session_state["said"] = ui.predictions(
        "modes",
        [
            ui.Question("How many modes?", choices, st.session_state.get("answered", False)),
            ui.Question("Is it done?", second),
        ],
    )


def start() -> AppTest:
    return AppTest.from_function(page).run()


def words(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(each.value for each in app.markdown)


def click(app: AppTest, text: str) -> None:
    next(button for button in app.button if button.label == text).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.label]


def test_nothing_is_explained_before_the_visitor_commits():
    app = start()
    assert labels(app) == ["Eight", "One", "None"]
    assert "collapse" not in words(app)
    assert app.session_state["said"] == [None, None]


def test_a_prediction_is_locked_once_made_and_never_in_the_link():
    app = start()
    click(app, "One")
    assert app.session_state["said"] == [1, None]
    assert labels(app) == []
    assert dict(app.query_params) == {}


def test_the_explanation_waits_for_the_run_and_then_covers_every_choice():
    app = start()
    click(app, "One")
    assert "You predict **One**" in words(app)
    assert "collapse" not in words(app)
    app.session_state["answered"] = True
    app.run()
    for reason in ("It starts wide.", "That is collapse.", "It would be noise."):
        assert reason in words(app)


def test_the_visitors_own_choice_comes_first_and_right_and_wrong_are_words():
    app = start()
    app.session_state["answered"] = True
    click(app, "One")
    own, right, rest = words(app).split("\n")[-3:]
    assert "Wrong, your prediction" in own
    assert "Right" in right
    assert "Eight" in right
    assert "Wrong" in rest


def test_many_questions_stand_behind_each_other():
    app = start()
    assert "1 of 2" in words(app)
    app.button(key="predict-modes-at-on").click().run()
    assert "Is it done?" in words(app)
    assert labels(app) == ["Yes", "No"]
    click(app, "Yes")
    app.button(key="predict-modes-at-back").click().run()
    assert "How many modes?" in words(app)
    assert app.session_state["said"] == [None, 0]


def test_a_question_without_exactly_one_right_choice_is_an_error():
    with pytest.raises(ValueError, match="exactly one that is right"):
        Question("Why?", [Choice("a", False, ""), Choice("b", False, "")])
