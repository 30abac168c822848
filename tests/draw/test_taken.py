"""Look closely and Take it: closed they draw nothing, open they show the run as far as it is."""

from threading import Condition

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer import runs
from explorer.concepts import gan
from explorer.ui.home.contents import ROOT
from explorer.ui.take.take import file_name, settings_of

CARDS = sorted((ROOT / "assets" / "thumbnails").glob("*.webp"))


def page():
    import streamlit as st

    from explorer import runs
    from explorer.concepts import gan
    from explorer.ui.player.closely import closely
    from explorer.ui.take.take import take

    config = gan.Config(dataset="moons", steps=6, batch=16, hidden=8, d_hidden=8)
    job = runs.watch(gan.train, config)
    job.wait_for(10_000, 60)
    drawn = []

    def scene(snapshot, view):
        drawn.append(snapshot)
        return gan.scene(snapshot, view)

    take(job, scene, "overview", "run")
    closely(job, scene, "overview", "run")
    st.session_state["drawn"] = len(drawn)


@pytest.fixture
def app():
    return AppTest.from_function(page, default_timeout=100)


def test_closed_they_draw_nothing(app):
    app.run()
    assert not app.exception
    assert app.session_state["drawn"] == 0
    assert not app.get("plotly_chart")
    assert not app.get("download_button")


def test_looking_closely_shows_the_last_frame_and_offers_three_dimensions(app):
    app.session_state["run-closely"] = True
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    assert app.select_slider(key="run-closely-frame").value == 6
    assert app.selectbox(key="run-closely-panel-overview").options[-1] == "The whole picture"
    app.toggle(key="run-closely-3d").set_value(True).run()
    assert not app.exception
    assert '"surface"' in app.get("plotly_chart")[0].proto.spec


def test_every_panel_can_be_looked_at_alone(app):
    app.session_state["run-closely"] = True
    app.run()
    box = app.selectbox(key="run-closely-panel-overview")
    for i in range(len(box.options)):
        app.selectbox(key="run-closely-panel-overview").select_index(i).run()
        assert not app.exception


def test_taking_offers_everything_and_makes_none_of_it_before_a_click(app):
    app.session_state["run-take"] = True
    app.run()
    assert not app.exception
    labels = [button.label for button in app.get("download_button")]
    assert labels[:3] == ["This frame as PNG", "Animation as WebP", "Animation as GIF"]
    assert {"Numbers as CSV", "Weights as .npz"} <= set(labels)
    assert (
        app.session_state["drawn"] == 2
    )  # the first and the last: their letters, sounds, and the name of a step


def test_the_link_says_what_every_control_holds_and_the_file_names_speak(app):
    app.session_state["run-take"] = True
    app.session_state["_linked"] = {"seed", "learning_rate", "lr_decay"}
    app.session_state["seed"], app.session_state["lr_decay"] = 2147483647.0, True
    app.session_state["learning_rate"] = 0.005
    app.run()
    link = app.code[0].value
    assert link.endswith("?learning_rate=0.005&lr_decay=true&seed=2147483647")
    config = gan.Config(dataset="moons")
    job = runs.Job(gan.train, config, None, Condition())
    name, said = file_name(job, "overview"), settings_of(job, link)
    assert name.startswith("gan-train-overview-moons-seed-0-")
    assert said["run"] == "gan.train"
    assert (said["dataset"], said["link"]) == ("moons", link)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.stem)
def test_cards_are_small_and_not_empty(card):
    with Image.open(card) as image:
        assert image.size == (480, 300)
        assert np.asarray(image.convert("L")).std() > 5
    assert card.stat().st_size < 40_000
