"""Many games at once are as many single games; failures, cures and marks are what they claim."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.concepts import gan
from explorer.concepts.gan.measure import plane_yardstick
from explorer.concepts.gan_failures import lesson, table
from explorer.concepts.gan_failures.config import (
    CURE_NAMES,
    CURES,
    FAILURE_NAMES,
    FAILURES,
    Config,
    treated,
)
from explorer.concepts.gan_failures.game import Games, Rules
from explorer.concepts.gan_failures.gauge import Gauge, coverage
from explorer.concepts.gan_failures.training import measured, train, wall
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.distances import mode_coverage

GAMES = {
    "r1": gan.Config(fourier=3),
    "both": gan.Config(loss="relativistic", regulariser="r1r2", zoom=2.0),
    "gp": gan.Config(loss="wasserstein", d_updates=2),
    "lazy": gan.Config(regulariser="r2", lazy=3, batch=32),
    "spectral": gan.Config(regulariser="spectral", loss="hinge"),
    "images": gan.Config(dataset="digits", batch=64),
}
EVERY = [(f, c) for f in FAILURES for c in CURES if treated(f, c) is not None]
# Every failure by itself, and every cure of the first failure that it can be applied to.
CELLS = [each for k, each in enumerate(EVERY) if each[1] not in [c for _, c in EVERY[:k]]]
CELLS += [(failure, "none") for failure in FAILURES if failure != "collapse"]


def small(rules: Rules, steps: int = 6) -> Rules:
    return replace(rules, game=replace(rules.game, steps=steps))


@pytest.mark.parametrize("config", GAMES.values(), ids=GAMES)
def test_a_seed_in_a_batch_plays_the_game_of_the_page_about_gans(config):
    many, alone = Games(Rules(config), range(3)), gan.Game(replace(config, seed=2))
    for _ in range(4):
        many.round()
        alone.round()
    for ours, theirs in zip(many.forger.matrices, alone.forger.matrices):
        torch.testing.assert_close(ours[2], theirs, rtol=0, atol=3e-4)
    for ours, theirs in zip(many.judge.matrices, alone.judge.matrices):
        torch.testing.assert_close(ours[2], theirs, rtol=0, atol=3e-4)


@pytest.mark.parametrize(("failure", "cure"), CELLS)
def test_a_seed_in_a_batch_is_that_seed_alone(failure, cure):
    rules = treated(failure, cure)
    assert rules is not None
    many, alone = Games(rules, [4, 5, 6]), Games(rules, [5])
    for _ in range(3):
        many.round()
        alone.round()
    for ours, theirs in zip(many.forger.parameters(), alone.forger.parameters()):
        torch.testing.assert_close(ours[1], theirs[0], rtol=0, atol=3e-4)


@pytest.mark.parametrize("cure", [c for c in CURES if treated("collapse", c) is not None])
def test_before_and_after_start_from_the_same_generator_and_see_the_same_points(cure):
    before = Games(FAILURES["collapse"], [3])
    after = Games(treated("collapse", cure), [3])
    for one, other in zip(before.forger.parameters(), after.forger.parameters()):
        torch.testing.assert_close(one, other)
    torch.testing.assert_close(before.real.next(), after.real.next())
    torch.testing.assert_close(before.noise.next(), after.noise.next())


def test_every_cure_changes_the_course_of_the_game():
    for failure, cure in CELLS:
        if cure == "none":
            continue
        before, after = Games(FAILURES[failure], [0]), Games(treated(failure, cure), [0])
        for _ in range(3):
            before.round()
            after.round()
        kept = after.config.keep and not before.config.keep
        a = before.shown()(before.noise.next()) if not kept else before.forger.matrices[0]
        b = after.shown()(before.noise.next()) if not kept else after.average.value[:10]
        assert kept or not torch.equal(a, b), (failure, cure)


def test_coverage_is_that_of_every_seed_by_itself():
    rule = plane_yardstick("ring")
    x = torch.stack([rule.dist.sample(400, generator(1)), torch.zeros(400, 2)])
    x[0, :60] = 0
    covered, share, target = coverage(x, rule)
    for points, modes, quality in zip(x, covered.sum(1).tolist(), target.tolist()):
        exact = mode_coverage(points, rule.dist)
        assert (modes, quality) == (exact.modes, pytest.approx(exact.high_quality))
    assert share[0].sum() == pytest.approx(8 * target[0].item(), rel=1e-4)


def test_a_diverged_game_is_reported_and_does_not_touch_the_others():
    games = Games(FAILURES["collapse"], [0, 1])
    games.forger.matrices[0].data[0] = float("nan")
    gauge = Gauge(games)
    made, _, _, figures = gauge.take()
    assert gauge.alive.tolist() == [False, True]
    assert torch.isfinite(made).all()
    assert np.isfinite(figures[1]).all()


def test_few_real_points_stay_the_same_few():
    games = Games(FAILURES["copies"], [7])
    kept = games.kept[0]
    assert kept.shape == (16, 2)
    for _ in range(3):
        same = (games.real.next()[0][:, None] == kept).all(2)
        assert same.any(1).all()


def test_the_wall_begins_with_the_seed_of_the_page():
    config = Config(cure="r3", steps=5, seed=11)
    shots, _ = finish(wall(config))
    pair, _ = finish(train(config))
    np.testing.assert_allclose(shots[-1].made[0], pair[-1].after.made[:256], atol=1e-4)
    assert shots[-1].seeds == tuple(range(11, 20))


def test_what_is_measured_has_a_row_for_every_look_and_a_column_for_every_seed():
    history, turning = measured(small(FAILURES["vanish"]), range(2))
    assert history.shape == (7, 2, 9)
    assert turning.shape == (4, 2)
    assert np.isfinite(history).all()


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 20, 0.0, 0.1611), (10, 20, 0.2993, 0.7007), (20, 20, 0.8389, 1.0), (9, 9, 0.7008, 1.0)],
)
def test_the_interval_is_wilsons(hits, of, low, high):
    assert table.wilson(hits, of) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_the_interval_solves_its_equation():
    for hits, of in ((3, 20), (17, 20), (5, 9)):
        for share in table.wilson(hits, of):
            gap = abs(share - hits / of)
            assert gap == pytest.approx(1.96 * (share * (1 - share) / of) ** 0.5)


def test_the_table_that_ships_belongs_to_the_games_that_are_played():
    assert table.cells()
    for (failure, cure), cell in table.cells().items():
        assert table.settings(failure, cure) == repr(treated(failure, cure)), (failure, cure)
        assert cell.seeds >= 20
        assert 0 <= cell.cured <= cell.seeds


def test_every_cure_was_measured_for_every_failure_that_it_can_be_applied_to():
    assert set(table.cells()) == set(EVERY)


def test_what_is_said_of_cures_is_what_was_counted():
    works, fails = table.works(), table.fails()
    for failure, name in FAILURE_NAMES.items():
        most = max(c.cured for c in table.cells().values() if c.failure == failure)
        assert f"{name}: {CURE_NAMES[table.best(failure).cure]}, {most}/20" in works
    whatever, collapse = fails.split("Nor, against")
    for cure, name in CURE_NAMES.items():
        counts = {f: c.cured for (f, known), c in table.cells().items() if known == cure}
        if name in whatever.split(": ")[1].rstrip(". ").split(", "):
            assert max(counts.values()) <= 2
        if name in collapse.split(": ")[1].split(". ")[0].split(", "):
            assert counts["collapse"] <= 2


def test_one_click_cures_every_failure_in_every_seed():
    by_name = lesson.PRESETS["cure it"][0]["cure"]
    for failure in FAILURES:
        cure = by_name if failure != "copies" else lesson.PRESETS["endless data"][0]["cure"]
        assert table.cells()[failure, cure].cured == 20


def test_names_are_one_to_one():
    names = [*CURE_NAMES.values(), *FAILURE_NAMES.values()]
    assert len(set(names)) == len(names)
    assert set(CURE_NAMES) == set(CURES)
    assert set(FAILURE_NAMES) == set(FAILURES)


def test_rules_refuse_what_cannot_be_combined():
    with pytest.raises(ValueError, match=r"pack must divide .* Got 3"):
        Rules(gan.Config(batch=128), pack=3)
    with pytest.raises(ValueError, match=r"crowd must be none .* Got 'deviation'"):
        Rules(gan.Config(regulariser="r1"), crowd="deviation")
