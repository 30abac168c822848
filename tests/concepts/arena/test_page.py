"""A prediction starts the comparison, and the links of its table open the same runs."""

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from explorer.concepts import arena
from explorer.concepts.arena import score_table
from explorer.concepts.arena.families import FAMILIES
from explorer.runs import pool
from explorer.ui.home.contents import ROOT

SHORT = "10"


def opened(name: str, **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    for key, value in query.items():
        page.query_params[key] = value
    return page.switch_page(f"pages/{name}.py").run()


def begun(seed: int, seconds: float = 0.0) -> bool:
    """Whether the run of this seed has begun, after so many seconds at most."""
    jobs = list(pool._pool.jobs.values())
    return any(
        job.process.__name__ == "train" and isinstance(job.config, arena.Config)
        and job.config.seed == seed and job.wait_for(1, seconds)
        for job in jobs
    )  # fmt: skip


def test_the_run_waits_for_a_prediction_and_starts_with_it():
    page = opened("arena", steps=SHORT, seed="71", families="mixture,kernel")
    assert not begun(71)
    page.button(key="predict-arena-ring-mixture-kernel-0-0").click().run()
    assert not page.exception
    assert begun(71, 20)


def test_without_predictions_the_run_starts_at_once():
    page = opened("arena", steps=SHORT, seed="72", families="mixture,kernel", predict_first="false")
    assert not page.exception
    assert begun(72, 20)


@pytest.mark.parametrize("dataset", ["moons", "digits"])
@pytest.mark.parametrize("key", [key for key, family in FAMILIES.items() if family.page])
def test_a_link_of_the_table_opens_the_run_of_the_comparison(key, dataset):
    config = arena.Config(dataset, steps=20, seed=73)
    address = score_table.link(config, key) if key in config.included else None
    if address is None:
        pytest.skip("the family has no page of its own for these data")
    name, _, query = address.partition("?")
    page = opened(name, **dict(parse_qsl(query)))
    assert not page.exception
    assert any(job.config == config.run(key, 0) for job in pool._pool.jobs.values())
