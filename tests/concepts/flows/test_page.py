"""The page of the flows: what it runs by default is what was measured."""

import pytest
from streamlit.testing.v1 import AppTest

from explorer.concepts import flows
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
    assert asked(flows.Config.usual(dataset, coupling, seed=41))


@pytest.mark.parametrize("coupling", flows.COUPLINGS)
def test_a_continuous_flow_does_not_depend_on_the_kind_of_layer(coupling):
    page = opened(dataset="moons", coupling=coupling, stage="trajectory", seed="42")
    assert not page.exception
    found = [j for j in pool._pool.jobs.values() if isinstance(j.config, flows.TrajectoryConfig)]
    assert found[0].after.config == flows.FlowMatchingConfig("moons", seed=42)
