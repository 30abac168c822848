"""Several seeds at once are as many single ones; failures and remedies are what they claim."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.concepts.gan_failures.config import (
    FAILURE_NAMES,
    FAILURES,
    REMEDIES,
    REMEDY_NAMES,
    Config,
    Setup,
    remedied,
)
from explorer.concepts.gan_failures.model import RemediedGAN
from explorer.concepts.gan_failures.nine_seeds import NineSeeds, nine_seeds
from explorer.concepts.gan_failures.train import measured, train
from explorer.concepts.shared.adversarial.config import Settings
from explorer.runs import finish

EVERY = [(f, r) for f in FAILURES for r in REMEDIES if remedied(f, r) is not None]
# Every failure by itself, and every remedy of the first failure that it can be applied to.
CELLS = [each for k, each in enumerate(EVERY) if each[1] not in [r for _, r in EVERY[:k]]]
CELLS += [(failure, "none") for failure in FAILURES if failure != "collapse"]


def alike(a, b):
    """Where a gradient is nothing but rounding, Adam takes a whole step, up or down."""
    gap = (a - b).detach().abs()
    assert gap.median() <= 3e-4
    assert gap.max() <= 0.05


@pytest.mark.parametrize(("failure", "remedy"), CELLS)
def test_a_seed_among_several_is_that_seed_alone(failure, remedy):
    setup = remedied(failure, remedy)
    assert setup is not None
    several, alone = RemediedGAN(setup, [4, 5, 6]), RemediedGAN(setup, [5])
    for _ in range(3):
        several.train_step()
        alone.train_step()
    for ours, theirs in zip(several.generator.parameters(), alone.generator.parameters()):
        alike(ours[1], theirs[0])


@pytest.mark.parametrize("remedy", [r for r in REMEDIES if remedied("collapse", r) is not None])
def test_before_and_after_start_from_the_same_generator_and_see_the_same_batches(remedy):
    before = RemediedGAN(FAILURES["collapse"], [3])
    after = RemediedGAN(remedied("collapse", remedy), [3])
    for one, other in zip(before.generator.parameters(), after.generator.parameters()):
        torch.testing.assert_close(one, other)
    torch.testing.assert_close(before.real.next(), after.real.next())
    torch.testing.assert_close(before.noise.next(), after.noise.next())


def test_every_remedy_changes_the_course_of_the_run():
    for failure, remedy in CELLS:
        if remedy == "none":
            continue
        before = RemediedGAN(FAILURES[failure], [0])
        after = RemediedGAN(remedied(failure, remedy), [0])
        for _ in range(3):
            before.train_step()
            after.train_step()
        z = before.noise.next()
        assert not torch.equal(before.averaged()(z), after.averaged()(z)), (failure, remedy)


def test_few_training_points_stay_the_same_few():
    gan = RemediedGAN(FAILURES["memorisation"], [7])
    few = gan.training_points[0]
    assert few.shape == (16, 2)
    for _ in range(3):
        same = (gan.real.next()[0][:, None] == few).all(2)
        assert same.any(1).all()


def test_nine_seeds_begin_with_the_seed_of_the_page():
    config = Config(remedy="r3gan", steps=5, seed=11)
    nine, _ = finish(nine_seeds(NineSeeds(config)))
    pair, _ = finish(train(config))
    np.testing.assert_allclose(nine[-1].samples[0], pair[-1].after.samples[:256], atol=1e-4)
    assert nine[-1].covered[0] == pair[-1].after.figure("covered")
    assert nine[-1].seeds == tuple(range(11, 20))


def test_what_is_measured_has_a_row_for_every_snapshot_and_a_column_for_every_seed():
    setup = FAILURES["vanishing"]
    setup = replace(setup, gan=replace(setup.gan, steps=6))
    history, autocorrelation = measured(setup, range(2))
    assert history.shape == (7, 2, 9)
    assert autocorrelation.shape == (4, 2)
    assert np.isfinite(history).all()


def test_a_failure_takes_as_many_steps_as_it_needs():
    for failure, setup in FAILURES.items():
        assert Config.usual(failure=failure).steps == setup.gan.steps
    assert Config.usual(failure="vanishing", steps=70).steps == 70


def test_names_are_one_to_one():
    names = [*REMEDY_NAMES.values(), *FAILURE_NAMES.values()]
    assert len(set(names)) == len(names)
    assert set(REMEDY_NAMES) == set(REMEDIES)
    assert set(FAILURE_NAMES) == set(FAILURES)


def test_a_setup_refuses_what_cannot_be_combined():
    with pytest.raises(ValueError, match=r"packing must divide .* Got 3"):
        Setup(Settings(batch=128), packing=3)
    with pytest.raises(ValueError, match=r"minibatch must be none .* Got 'std'"):
        Setup(Settings(regulariser="r1"), minibatch="std")
