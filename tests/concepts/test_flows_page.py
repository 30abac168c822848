"""The page of the flows: what it runs by default is what was measured."""

import pytest
from streamlit.testing.v1 import AppTest

from explorer.concepts import diffusion, flows
from explorer.runs import pool
from explorer.ui.home.contents import ROOT


def opened(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    for key, value in query.items():
        page.query_params[key] = value
    return page.switch_page("pages/flows.py").run()


def asked(config: object) -> bool:
    """Whether the page wants this very run."""
    return any(job.config == config for job in pool._pool.jobs.values())


@pytest.mark.parametrize("dataset", ["moons", "digits"])
@pytest.mark.parametrize("coupling", flows.COUPLINGS)
def test_the_settings_of_every_kind_of_layer_are_those_that_were_measured(dataset, coupling):
    page = opened(dataset=dataset, coupling=coupling, seed="41")
    assert not page.exception
    assert asked(flows.usual(dataset, coupling, seed=41))


@pytest.mark.parametrize("coupling", flows.COUPLINGS)
def test_without_layers_the_kind_of_layer_plays_no_part(coupling):
    page = opened(dataset="moons", coupling=coupling, stage="glide", seed="42")
    assert not page.exception
    job = next(job for job in pool._pool.jobs.values() if isinstance(job.config, flows.GlideConfig))
    assert job.after.config == flows.training("moons", flows.Config().steps, 42)
    assert isinstance(job.after.config, diffusion.Config)
