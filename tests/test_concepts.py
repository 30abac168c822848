"""What every concept promises. A new one is picked up from the package by itself."""

import itertools
import json
import re
import threading
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass, replace
from threading import Condition

import numpy as np
import pytest
import torch

from explorer import config as c
from explorer.optim import Adam
from explorer.runs import Job, finish
from tests.contract import (
    STEPS,
    arrays,
    drawn,
    every_concept,
    every_experiment,
    experiments,
    run,
    same,
    short,
    start,
)


def texts(scene):
    """Every sentence and caption of a picture."""
    return [scene.sentence, *(panel.caption for panel in scene.panels)]


@every_concept
def test_it_exports_what_the_house_is_built_on(concept):
    for name in ("Config", "Snapshot", "train", "VIEWS", "scene"):
        assert hasattr(concept, name), name
    assert concept.VIEWS
    assert all(isinstance(text, str) and text for text in concept.VIEWS.values())


@every_concept
def test_the_first_experiment_is_the_training_run(concept):
    key, first = next(iter(experiments(concept).items()))
    assert (key, first.process, first.Config) == ("train", concept.train, concept.Config)


@every_experiment
def test_an_experiment_builds_upon_one_that_there_is(concept, key):
    experiment = experiments(concept)[key]
    assert not experiment.after or experiment.after in experiments(concept)
    views = experiment.views_of(short(concept, key))
    assert all(isinstance(text, str) and text for text in views.values())


@every_experiment
def test_a_config_is_frozen_and_equal_ones_are_one_key(concept, key):
    config, again = short(concept, key), short(concept, key)
    assert config == again
    assert hash(config) == hash(again)
    with pytest.raises(FrozenInstanceError):
        config.seed = 5


@every_experiment
def test_training_whose_weights_overflow_ends_with_a_sentence(concept, key, monkeypatch):
    experiment, step, poisoned = experiments(concept)[key], Adam.step, []

    def overflows(self):
        step(self)
        if self.count == 2:
            self.flat.value.fill_(float("inf"))
            poisoned.append(self)

    before = None
    if experiment.after:
        built_on = experiments(concept)[experiment.after]
        config = short(concept, experiment.after, **experiment.on)
        before = Job(built_on.process, config, None, Condition())
        before._end("done")
        before.model = run(concept, experiment.after, **experiment.on)[1]
    job = Job(experiment.process, short(concept, key), before, Condition())
    monkeypatch.setattr(Adam, "step", overflows)
    job.step(10_000)
    while not job.ended:
        job.advance()
    if not poisoned:  # it does not train
        assert job.status == "done", job.reason
    elif job.status == "failed":
        assert re.fullmatch(r"[A-Z].+\..*[.]", job.reason), job.reason
    else:  # one of several models: the others go on
        said = {
            text for _, scene in drawn(concept, key, job.snapshots[-1]) for text in texts(scene)
        }
        assert any("diverged" in text for text in said), said


@every_concept
def test_another_seed_is_another_config(concept):
    config = concept.Config()
    assert config != replace(config, seed=config.seed + 1)


@every_experiment
def test_every_default_keeps_the_rule_of_its_field(concept, key):
    kind = experiments(concept)[key].Config
    for name, rule in c.rules(kind).items():
        rule.check(name, c.defaults(kind)[name])


@every_concept
def test_a_config_survives_the_link(concept):
    config = concept.Config()
    back = json.loads(json.dumps(asdict(config)))
    rebuilt = concept.Config(**{k: tuple(v) if isinstance(v, list) else v for k, v in back.items()})
    assert rebuilt == config
    assert {"dataset", "steps", "seed"} <= set(back)


@every_experiment
def test_every_field_refuses_nonsense_by_name_rule_and_value(concept, key):
    """Whatever somebody writes into the link."""
    config = short(concept, key)
    for field in fields(config):
        value = getattr(config, field.name)
        if is_dataclass(value):
            continue
        nonsense = [None, "nonsense", -1e30, float("nan"), 10**30]
        if isinstance(value, bool):
            nonsense = [None, "nonsense", 7]
        if isinstance(value, str) and "rule" not in field.metadata:  # a text of the visitor's own
            nonsense.remove("nonsense")
        for wrong in nonsense[value is None :]:  # a field may be left out by default
            with pytest.raises(ValueError, match=field.name) as caught:
                replace(config, **{field.name: wrong})
            assert "must" in str(caught.value), caught.value
            assert "Got" in str(caught.value), caught.value


@every_concept
def test_a_run_goes_from_before_the_first_update_to_the_last(concept):
    snapshots, model = run(concept)
    steps = [snapshot.step for snapshot in snapshots]
    assert steps[0] == 0
    assert steps[-1] == STEPS
    assert steps == sorted(set(steps))
    assert model is not None


@every_concept
def test_a_run_of_one_step_has_two_frames(concept):
    snapshots, _ = finish(concept.train(replace(concept.Config(), steps=1)))
    assert [snapshot.step for snapshot in snapshots] == [0, 1]


@every_experiment
def test_the_same_config_gives_the_same_bytes_whatever_others_do(concept, key):
    snapshots, model = run(concept, key)
    stop = threading.Event()

    def disturb():
        rng = torch.Generator().manual_seed(1)
        while not stop.wait(0.0005):
            torch.randn(10)
            np.random.standard_normal(3)  # noqa: NPY002  the shared one is what must not matter
            torch.randn(10, generator=rng)

    other = threading.Thread(target=disturb)
    other.start()
    torch.manual_seed(99)
    try:
        again, twin = finish(start(concept, key))
    finally:
        stop.set()
        other.join()
    for a, b in zip(snapshots, again, strict=True):
        same(arrays(a), arrays(b))
    if hasattr(model, "weights"):
        same(list(model.weights().values()), list(twin.weights().values()))


@every_concept
def test_two_runs_side_by_side_do_not_touch_each_other(concept):
    expected, _ = run(concept)
    one, other = concept.train(short(concept)), concept.train(short(concept, seed=1))
    for snapshot, mine, _ in zip(expected, one, other, strict=False):
        same(arrays(snapshot), arrays(mine))


@every_concept
def test_another_seed_is_another_run(concept):
    _, model = run(concept)
    _, other = finish(concept.train(short(concept, seed=1)))
    pairs = zip(model.weights().values(), other.weights().values(), strict=True)
    assert any(not np.array_equal(a, b) for a, b in pairs)


@every_experiment
def test_the_steps_of_a_run_go_up(concept, key):
    steps = [snapshot.step for snapshot in run(concept, key)[0]]
    assert steps == sorted(set(steps))


@every_experiment
def test_nobody_can_change_a_snapshot(concept, key):
    for snapshot in run(concept, key)[0]:
        assert arrays(snapshot)
        assert not any(array.flags.writeable for array in arrays(snapshot))
        with pytest.raises(FrozenInstanceError):
            snapshot.step = 7


@every_experiment
def test_gradients_stay_enabled_between_frames(concept, key):
    process = start(concept, key)
    for _ in itertools.islice(process, 3):
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
    process.close()
    assert torch.is_grad_enabled()


@every_concept
def test_samples_are_fixed_by_their_seed(concept):
    _, model = run(concept)
    x = model.sample(9, seed=3)
    assert isinstance(x, np.ndarray)
    assert len(x) == 9
    assert np.isfinite(x).all()
    torch.manual_seed(5)
    np.testing.assert_array_equal(model.sample(9, seed=3), x)
    assert not np.array_equal(model.sample(9, seed=4), x)
    assert torch.is_grad_enabled()


@every_concept
def test_a_checkpoint_is_arrays_by_name(concept):
    weights = run(concept)[1].weights()
    assert weights
    for name, value in weights.items():
        assert isinstance(name, str)
        assert isinstance(value, np.ndarray)
        assert np.isfinite(value).all()
