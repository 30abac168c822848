"""What is drawn and said of a snapshot changes with its state."""

from dataclasses import replace
from functools import cache

import numpy as np

from explorer.concepts import gan
from explorer.concepts.gan import Config
from explorer.concepts.gan.record import reference
from explorer.concepts.gan.scene_common import SETTLED, sentence
from explorer.concepts.shared.adversarial.measure import Scores
from explorer.runs import finish
from explorer.scene import Curve

SHORT = Config(steps=40, batch=64, hidden=16, d_hidden=16)


@cache
def snapshots():
    return finish(gan.train(SHORT))[0]


def message(snapshot, accuracy=0.6, **changes):
    return sentence(replace(snapshot, accuracy=accuracy, **changes), reference("ring"))


def test_the_sentence_changes_with_the_state():
    first, *_, soon = snapshots()
    last = replace(soon, step=SETTLED, moved=0.0)
    some, all_ = Scores(0.5, 5, 0.6), Scores(0.02, 8, 0.9)
    few = replace(some, covered=3)
    assert "Before the first training step" in message(first)
    assert "so far" in message(soon, 0.99, scores=few, gradient=1e-4, moved=2.0)
    assert "0 of 8 modes covered so far" in message(last, scores=replace(some, covered=0))
    assert "Vanishing gradient" in message(last, 0.99, gradient=1e-4)
    assert "Oscillation" in message(last, moved=2.0)
    assert "Mode collapse: 3 of 8 modes" in message(last, scores=few)
    assert "5 of 8 modes covered so far" in message(last, scores=some)
    assert "within the noise floor" in message(last, scores=all_)
    assert "times the noise floor" in message(last, scores=replace(all_, distance=0.2))


def test_a_discriminator_below_the_blurred_optimum_is_said_to_see_finer():
    snapshot = snapshots()[-1]
    finer = replace(snapshot, d_loss=snapshot.optimal_loss - 0.1)
    for each, words in ((snapshot, "not optimal"), (finer, "finer")):
        losses = next(p for p in gan.scene(each).panels if p.title == "Losses")
        assert words in losses.caption


def test_a_snapshot_adds_one_point_to_every_curve_that_grows():
    for snapshot in snapshots():
        for view in gan.VIEWS:
            marks = [m for panel in gan.scene(snapshot, view).panels for m in panel.marks]
            grown = [m for m in marks if isinstance(m, Curve) and m.grows]
            assert all(m.xy.shape == (1, 2) and m.xy[0, 0] == snapshot.step for m in grown)


def test_a_critic_without_an_optimum_has_views_of_its_own():
    config = replace(SHORT, loss="wasserstein")
    views = gan.EXPERIMENTS["train"].views_of(config)
    assert "error" not in views
    last = finish(gan.train(config))[0][-1]
    title = gan.scene(last, "discriminator").panels[1].title
    assert title == "Norm of the critic's gradient"


def test_d_minus_optimal_is_the_difference_of_both_pictures():
    last = snapshots()[-1]
    gap = gan.scene(last, "error").panels[0].marks[0]
    np.testing.assert_array_equal(gap.values, last.output - last.optimal)
