"""Many runs: one thing changes, everything else stays."""

from dataclasses import asdict

import pytest

from explorer.concepts.text_to_image.config import Config
from explorer.concepts.text_to_image.sweep import ENCODER_SEEDS, VARIED, SweepConfig, places


@pytest.mark.parametrize("vary", VARIED)
def test_runs_differ_in_what_is_varied_and_in_nothing_else(vary):
    runs = SweepConfig(Config(hidden=32, steps=100), vary).runs()
    first = asdict(runs[0])
    allowed = {vary, "seed"} if vary == "encoder" else {vary}
    changed = {key for run in runs for key, value in asdict(run).items() if value != first[key]}
    assert changed == allowed
    assert len(set(runs)) == len(runs) == len(places(SweepConfig(vary=vary)))
    assert {run.steps for run in runs} == {35}


def test_every_encoder_is_trained_from_the_same_seeds():
    runs = SweepConfig(vary="encoder").runs()
    for i in range(ENCODER_SEEDS):
        assert len({run.seed for run in runs[i::ENCODER_SEEDS]}) == 1
