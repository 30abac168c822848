"""The game: what one update does, what a run leaves behind, what its pictures say."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from explorer.concepts import gan
from explorer.concepts.gan import Config, Game
from explorer.concepts.gan.look import BINS, SHOWN
from explorer.concepts.gan.measure import Marks, yardstick
from explorer.concepts.gan.words import SETTLED, sentence
from explorer.data import images, plane
from explorer.nets import generator
from explorer.runs import finish

SHORT = Config(steps=40, batch=64, hidden=16, d_hidden=16)
every_loss = pytest.mark.parametrize("loss", gan.LOSSES)
every_leash = pytest.mark.parametrize("regulariser", gan.REGULARISERS)


@cache
def run(config):
    return finish(gan.train(config))


def batch(game):
    return game.real.next(), game.noise.next()


def risk(game, real, made):
    with torch.no_grad():
        return game.loss.judge(game.judge(real)[:, 0], game.judge(made)[:, 0]).mean().item()


@every_loss
def test_an_update_of_the_judge_lowers_its_loss_on_the_same_points(loss):
    game = Game(replace(SHORT, loss=loss, regulariser="none", learning_rate=1e-4))
    real, z = batch(game)
    with torch.no_grad():
        made = game.forger(z)
        before = risk(game, real, made)
        game.judge_update(real, made)
    assert risk(game, real, made) < before


@every_loss
def test_an_update_of_the_generator_makes_the_judge_believe_its_points_more(loss):
    game = Game(replace(SHORT, loss=loss, learning_rate=1e-3))
    for _ in range(5):
        game.round()
    real, z = batch(game)
    with torch.no_grad():
        made = game.forger.activations(z)
        before = game.judge(made[-1]).mean().item()
        game.forger_update(made, real)
        assert game.judge(game.forger(z)).mean().item() > before


@every_leash
def test_each_player_moves_in_its_own_turn_only(regulariser):
    game = Game(replace(SHORT, regulariser=regulariser))
    real, z = batch(game)
    judge, forger = (adam.flat.value for adam in (game.judge_adam, game.forger_adam))
    kept = forger.clone()
    with torch.no_grad():
        made = game.forger.activations(z)
        game.judge_update(real, made[-1])
        assert torch.equal(forger, kept)
        kept = judge.clone()
        game.forger_update(made, real)
    assert torch.equal(judge, kept)


def steepness(regulariser, loss="nonsaturating", gamma=20.0):
    """How steep the judge is on real and on made-up points, after it alone was trained."""
    game = Game(replace(SHORT, regulariser=regulariser, loss=loss, gamma=gamma))
    with torch.no_grad():
        for _ in range(150):
            real, z = batch(game)
            game.judge_update(real, game.forger(z))
        slopes = []
        for x in (real, game.forger(z)):
            acts = game.judge.activations(x)
            slopes.append(game.judge.slopes(acts, torch.ones_like(acts[-1]))[1].norm(dim=1))
    return [slope.mean().item() for slope in slopes]


def squares(judge, x):
    """The mean square of the judge's slope at x, in a form that autograd can follow."""
    x = x.clone().requires_grad_()
    (g,) = torch.autograd.grad(judge(x).sum(), x, create_graph=True)
    return g.square().sum(dim=1).mean()


@pytest.mark.parametrize(
    ("regulariser", "at_real", "at_made"), [("r1", 1, 0), ("r2", 0, 1), ("r1r2", 1, 1)]
)
def test_r1_is_paid_on_real_points_and_r2_on_made_up_ones(regulariser, at_real, at_made):
    game = Game(replace(SHORT, regulariser=regulariser, gamma=3.0))
    real, z = batch(game)
    judge, made = game.judge, 2 * z
    penalty = 3.0 / 2 * (at_real * squares(judge, real) + at_made * squares(judge, made))
    wanted = torch.autograd.grad(penalty, list(judge.parameters()), allow_unused=True)
    with torch.no_grad():
        acts = judge.activations(torch.cat([real, made]))
        judge.backward(acts, torch.zeros_like(acts[-1]))
        game.penalise(acts, real, made)
    for p, g in zip(judge.parameters(), wanted, strict=True):
        torch.testing.assert_close(p.grad, torch.zeros_like(p) if g is None else g)


def test_r1_flattens_the_judge():
    assert steepness("r1")[0] < 0.5 * steepness("none")[0]


def test_the_gradient_penalty_makes_the_critic_as_steep_as_one():
    real, made = steepness("r1", "wasserstein")
    assert (real + made) / 2 == pytest.approx(1, abs=0.15)


def test_a_lazy_penalty_is_paid_every_so_often_and_in_full():
    lazy, diligent = (Game(replace(SHORT, gamma=5.0, lazy=n)) for n in (4, 1))
    real, z = batch(lazy)
    with torch.no_grad():
        made = lazy.forger(z)
        acts = lazy.judge.activations(torch.cat([real, made]))
        bills = []
        for game in (lazy, diligent):
            game.judge.backward(acts, torch.zeros_like(acts[-1]))
            game.penalise(acts, real, made)
            bills.append(game.judge_adam.flat.grad.clone())
    torch.testing.assert_close(bills[0], 4 * bills[1])
    paid = []
    lazy.penalise = lambda *batch: paid.append(lazy.judged)  # counts, in place of paying
    for _ in range(9):
        lazy.round()
    assert paid == [0, 4, 8]


def test_rates_fade_to_zero_and_keep_their_ratio():
    game = Game(replace(SHORT, steps=20))
    for _ in range(20):
        game.round()
    assert game.forger_adam.rate < 0.01 * SHORT.learning_rate
    assert game.judge_adam.rate == pytest.approx(SHORT.d_rate * game.forger_adam.rate)


def test_a_short_run_finds_the_modes_of_the_ring():
    snapshots, _ = run(Config(steps=700))
    assert snapshots[0].marks.third < 0.2
    assert snapshots[-1].marks.covered >= 7
    assert snapshots[-1].marks.distance < snapshots[0].marks.distance / 2


def test_the_averaged_generator_is_the_one_that_is_taken_away():
    snapshots, model = run(SHORT)
    z = torch.randn(4096, 2, generator=generator(SHORT.seed + 1))
    with torch.no_grad():
        shown = model.forger(z)[:SHOWN].numpy()
    np.testing.assert_allclose(snapshots[-1].averaged, shown, atol=1e-5)
    assert not np.array_equal(snapshots[-1].averaged, snapshots[-1].made)


def test_without_averaging_the_last_weights_are_shown():
    snapshots, _ = run(replace(SHORT, keep=0.0))
    np.testing.assert_array_equal(snapshots[-1].averaged, snapshots[-1].made)


def test_what_never_changes_is_one_array_for_all_frames():
    snapshots, _ = run(SHORT)
    for name in ("real", "noise", "lattice"):
        assert len({id(getattr(snapshot, name)) for snapshot in snapshots}) == 1


def test_the_untrained_generator_passes_its_noise_on():
    first = run(SHORT)[0][0]
    np.testing.assert_allclose(first.made, first.noise, atol=1e-6)
    np.testing.assert_allclose(first.sheet, first.lattice, atol=1e-6)


@every_loss
def test_every_loss_plays_with_finite_figures(loss):
    last = run(replace(SHORT, loss=loss))[0][-1]
    known = gan.LOSSES[loss].best is not None
    assert np.isfinite(last.column("best judge")).all() == known
    for name in ("judge", "forger", "distance", "right"):
        assert np.isfinite(last.column(name)).all()
    assert last.verdict_real.sum() == pytest.approx(1)
    assert len(last.verdict_made) == BINS


def test_a_relativistic_judge_is_centred_before_it_is_read():
    game = Game(replace(SHORT, loss="relativistic"))
    real, z = batch(game)
    with torch.no_grad():
        made = game.forger(z)
        game.judge.biases[-1] += 3.0  # which the loss does not feel
        centre, spread = gan.look.calibration(game, real, made)
        belief = (game.judge(torch.cat([real, made])) - centre).sigmoid()
    assert spread == 1
    assert belief.mean().item() == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"learning_rate": 10.0, "fade": False}, "learning rate of 10"),
        (
            {"learning_rate": 10.0, "fade": False, "loss": "wasserstein", "regulariser": "none"},
            "without its penalty",
        ),
    ],
)
def test_a_run_that_diverges_says_what_happened_why_and_what_to_do(change, words):
    with pytest.raises(FloatingPointError, match=words) as caught:
        finish(gan.train(replace(SHORT, steps=4000, **change)))
    assert "diverged at step" in str(caught.value)
    assert "Try" in str(caught.value) or "Choose" in str(caught.value)


def digits():
    return run(replace(SHORT, dataset="digits"))


def test_images_stand_beside_their_nearest_real_image():
    snapshots, model = digits()
    last, data = snapshots[-1], images.load("digits")
    known = {tile.tobytes() for tile in data.pixels(data.train)}
    assert all(tile.tobytes() in known for tile in last.nearest)
    made = model.sample(5, seed=1)
    assert made.shape == (5, 64)
    assert made.min() >= 0
    assert made.max() <= 1


def test_what_the_judge_wants_is_grey_where_it_wants_nothing():
    last = digits()[0][-1]
    assert last.wanted.dtype == np.uint8
    assert abs(float(last.wanted.mean()) - 127.5) < 12


def test_unseen_real_images_score_what_the_yardstick_calls_perfect():
    rule = yardstick("digits")
    data = images.load("digits")
    rest = torch.cat([data.train, data.test])
    marks = rule.marks(rest[torch.randperm(len(rest), generator=generator(1))[: len(rule.real)]])
    assert marks.covered == rule.groups
    assert marks.distance < rule.floor[1]


@pytest.mark.parametrize("name", plane.DATASETS)
def test_fresh_real_points_score_what_the_yardstick_calls_perfect(name):
    rule = yardstick(name)
    marks = rule.marks(plane.get(name).sample(len(rule.real), generator(77)))
    assert marks.covered == rule.groups
    assert 0.8 * rule.floor[0] < marks.distance < 1.2 * rule.floor[1]
    assert rule.share[0] - 0.02 < marks.third <= 1
    for reading in rule.readings(marks):
        assert reading.floor is not None


def told(snapshot, right=0.6, **changes):
    history = snapshot.history.copy()
    history[-1, -1] = right
    changed = replace(snapshot, history=history, **changes)
    return sentence(changed, yardstick("ring"))


def test_the_sentence_changes_with_the_state():
    first, *_, soon = run(SHORT)[0]
    last = replace(soon, step=SETTLED)
    some, all_ = Marks(0.5, 5, 0.6), Marks(0.02, 8, 0.9)
    assert "Before the first round" in told(first)
    assert "so far" in told(soon, 0.99, marks=replace(some, covered=3), pull=1e-4, moved=2.0)
    assert "Covers 0 of 8 modes so far" in told(last, marks=replace(some, covered=0), moved=0.0)
    assert "Vanished" in told(last, 0.99, pull=1e-4)
    assert "Restless" in told(last, moved=2.0)
    assert "Covers 3 of 8 modes" in told(last, marks=replace(some, covered=3), moved=0.0)
    assert "stays there" in told(last, marks=replace(some, covered=3), moved=0.0)
    assert "Covers 5 of 8 modes so far" in told(last, marks=some, moved=0.0)
    assert "within the noise" in told(last, marks=all_, moved=0.0)
    assert "times what real points score" in told(
        last, marks=replace(all_, distance=0.2), moved=0.0
    )


def test_a_judge_below_the_blurred_best_is_said_to_see_finer():
    snapshot = run(SHORT)[0][-1]
    history = snapshot.history.copy()
    history[-1, 1] = history[-1, 3] - 0.1
    for each, words in (
        (snapshot, "still to learn"),
        (replace(snapshot, history=history), "finer"),
    ):
        losses = next(p for p in gan.scene(each).panels if p.title == "Losses")
        assert words in losses.caption
