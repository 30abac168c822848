"""What is drawn and said of a failure is what was measured."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from explorer.concepts.gan_failures.config import FAILURES, Config
from explorer.concepts.gan_failures.measure import FIGURES
from explorer.concepts.gan_failures.scene import NAMED, scene, sentence
from explorer.concepts.gan_failures.train import train
from explorer.runs import finish
from explorer.scene import Curve


@cache
def last(failure="collapse", remedy="none"):
    return finish(train(Config(failure=failure, remedy=remedy, steps=3)))[0][-1]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_named_when_its_rule_holds(failure):
    snapshot = last(failure)
    for failing in (True, False):
        side = replace(snapshot.before, failing=failing)
        message = sentence(replace(snapshot, before=side), 8)
        assert (NAMED[failure] in message) == failing


def test_the_phase_curve_is_drawn_from_both_losses():
    snapshot = last()
    figures = snapshot.before.figures.copy()
    figures[FIGURES.index("d_loss")], figures[FIGURES.index("g_loss")] = 0.3, 2.5
    changed = replace(snapshot, before=replace(snapshot.before, figures=figures))
    panel = next(p for p in scene(changed).panels if p.title == "One loss against the other")
    np.testing.assert_allclose(panel.marks[0].xy, [[0.3, 2.5]])
    assert (panel.xlabel, panel.ylabel) == ("discriminator loss", "generator loss")


def test_a_snapshot_adds_one_point_to_every_curve_that_grows():
    for remedy in ("none", "r2"):
        for panel in scene(last(remedy=remedy)).panels:
            for mark in panel.marks:
                if isinstance(mark, Curve) and mark.grows:
                    assert mark.xy.shape == (1, 2)


def test_without_a_remedy_there_is_nothing_beside_the_failure():
    assert last().after is None
    assert "Choose a remedy" in scene(last()).sentence
    assert "With it:" in scene(last(remedy="r2")).sentence
