"""A page asks for its run once: the job it goes on with is the one that its player shows."""

import pytest
from streamlit.testing.v1 import AppTest

from explorer import runs


def page():
    from explorer.concepts import gan
    from explorer.ui.player.player import play, watch

    config = gan.Config(dataset="moons", steps=6, batch=16, hidden=8, d_hidden=8)
    job = watch(gan.train, config, key="run")
    play(job, gan.scene, key="run", views=gan.VIEWS)


@pytest.fixture
def asked(monkeypatch):
    jobs, watch = [], runs.watch

    def counted(*given, **named):
        jobs.append(watch(*given, **named))
        return jobs[-1]

    monkeypatch.setattr(runs, "watch", counted)
    return jobs


def test_a_run_of_the_page_asks_once_and_its_viewer_wants_it_to_train(asked):
    app = AppTest.from_function(page, default_timeout=100)
    app.run()
    assert not app.exception
    assert len(asked) == 1
    asked[0].wait_for(10_000, 60)
    app.run()
    assert [job.name for job in asked] == [asked[0].name] * 2
    assert app.session_state["run-ended"] == asked[0].name
