"""Laws of the repeated experiments and of the mail filter."""

import numpy as np
import pytest
from scipy.stats import t as student
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, MultinomialNB

from explorer.concepts import decision_boundaries as db
from explorer.concepts.decision_boundaries.curves import sizes
from explorer.concepts.decision_boundaries.mail import WORDS, Line, logistic, naive_bayes, source
from explorer.concepts.decision_boundaries.repeats import Repeats, half_width, relative
from explorer.runs import finish


def mails(n, seed=0):
    return source().draw(n, np.random.default_rng(seed))


def repeats(errors, n=(8, 64, 512)):
    return Repeats(errors.shape[1], np.array(n), errors, 0.05, ("a net", "a mixture"))


def test_the_source_is_a_distribution_over_all_mails():
    every = source()
    assert every.joint.sum() == pytest.approx(1)
    assert len(np.unique(every.mails, axis=0)) == 2 ** len(WORDS)
    x, y = mails(60_000)
    assert y.mean() == pytest.approx(every.joint[:, 1].sum(), abs=0.01)
    np.testing.assert_allclose(
        x[y == 1].mean(0), every.joint[:, 1] @ every.mails / every.joint[:, 1].sum(), atol=0.015
    )


def test_words_of_a_class_are_not_independent():
    """Otherwise naive Bayes would be right, and nothing could be learnt from this source."""
    joint = source().joint[:, 1] / source().joint[:, 1].sum()
    x = source().mails
    free, winner = WORDS.index("free"), WORDS.index("winner")
    both = joint @ (x[:, free] * x[:, winner])
    assert both > 1.2 * (joint @ x[:, free]) * (joint @ x[:, winner])


def test_the_exact_error_is_what_counting_gives():
    x, y = mails(400)
    line = naive_bayes(x, y)
    fresh, label = mails(100_000, 1)
    assert ((line.log_odds(fresh) > 0) != label).mean() == pytest.approx(
        source().error(line), abs=0.004
    )


def test_no_line_beats_the_best_possible_filter():
    every, rng = source(), np.random.default_rng(0)
    assert every.error_of(every.log_odds(every.mails)) == pytest.approx(every.bayes)
    for _ in range(50):
        line = Line(rng.normal(), rng.normal(size=len(WORDS)))
        assert every.error(line) >= every.bayes
    assert all(limit >= every.bayes for limit in every.limits.values())


@pytest.mark.parametrize("naive", ["bernoulli", "multinomial"])
def test_naive_bayes_of_words_equals_scikit_learn(naive):
    x, y = mails(120)
    theirs = (BernoulliNB if naive == "bernoulli" else MultinomialNB)(alpha=1.0).fit(x, y)
    line = naive_bayes(x, y, naive)
    log_p = theirs.predict_log_proba(source().mails)
    gap = line.log_odds(source().mails) - (log_p[:, 1] - log_p[:, 0])
    # Our shares of spam are smoothed, too; apart from that constant they are the same.
    np.testing.assert_allclose(gap, gap[0], atol=1e-9)
    assert abs(gap[0]) < 0.02


def test_logistic_regression_by_newton_equals_scikit_learn():
    x, y = mails(300)
    theirs = LogisticRegression(C=1.0, tol=1e-10, max_iter=2000).fit(x, y)
    line = logistic(x, y, bias_pull=0.0)
    np.testing.assert_allclose(line.weights, theirs.coef_[0], atol=1e-4)
    assert line.bias == pytest.approx(theirs.intercept_[0], abs=1e-4)


def test_logistic_regression_is_finite_on_mails_of_one_class():
    x, y = mails(400)
    line = logistic(x[y == 1][:8], y[y == 1][:8])
    assert np.isfinite([line.bias, *line.weights]).all()
    assert line.bias > 0


def test_naive_bayes_wins_early_and_logistic_regression_late():
    """Ng and Jordan (2001), beyond the 95 % intervals of both ends."""
    snapshots, errors = finish(db.filters(db.Filters(steps=40)))
    assert errors.shape == (2, 40, 9)
    gap = errors[0] - errors[1]
    mean, half = gap.mean(0), half_width(gap)
    assert mean[0] > half[0]
    assert mean[-1] < -half[-1]
    assert "B, the generative model, wins with" in db.repeats_scene(snapshots[-1]).sentence
    assert source().limits["logistic"] < source().limits["bernoulli"]


def test_what_the_words_add_sums_to_the_log_odds_of_the_mail():
    config = db.Mail(("free", "loan", "lunch"), labels=200)
    snapshots, totals = finish(db.weigh(config))
    assert [s.step for s in snapshots] == [0, 1, 2, 3]
    np.testing.assert_allclose(snapshots[-1].totals, totals)
    x = np.array([[word in config.words for word in WORDS]], float)
    assert totals[2] == pytest.approx(source().log_odds(x)[0])
    assert (snapshots[1].steps[:, 2:] == 0).all()


def test_a_word_adds_the_same_to_every_mail_except_exactly():
    """Both filters are sums; what "loan" is worth exactly depends on the words beside it."""
    alone = finish(db.weigh(db.Mail(("loan",))))[0][-1].steps[:, 1]
    beside = finish(db.weigh(db.Mail(("winner", "loan"))))[0][-1].steps[:, 2]
    np.testing.assert_allclose(alone[:2], beside[:2], atol=1e-9)
    assert abs(alone[2] - beside[2]) > 0.5


@pytest.mark.parametrize("words", [(), WORDS, ("free", "winner", "loan", "weekend")])
def test_every_mail_can_be_shown(words):
    for snapshot in finish(db.weigh(db.Mail(words)))[0]:
        scene = db.weigh_scene(snapshot)
        assert scene.sentence.endswith(".")
        assert all(np.isfinite(reading.value) for reading in scene.readings)
        for mark, reading in zip(scene.panels[0].marks, snapshot.steps):
            np.testing.assert_allclose(mark.values, reading, rtol=1e-5)


def test_unknown_words_are_refused_by_name():
    with pytest.raises(ValueError, match=r"words must be among .*'bogus'"):
        db.Mail(("bogus",))


def test_the_interval_is_students():
    values = np.random.default_rng(0).normal(size=(7, 3))
    half = student.ppf(0.975, 6) * values.std(0, ddof=1) / 7**0.5
    np.testing.assert_allclose(half_width(values), half, rtol=1e-3)
    many = np.random.default_rng(0).normal(size=(60, 2))
    half = student.ppf(0.975, 59) * many.std(0, ddof=1) / 60**0.5
    np.testing.assert_allclose(half_width(many), half, rtol=2e-3)


def test_a_difference_is_taken_within_a_repetition():
    """Luck that both models share cancels, so the interval of the difference is narrow."""
    luck = np.random.default_rng(0).normal(0, 0.1, size=(20, 3))
    errors = np.stack([0.3 + luck, 0.25 + luck])
    gap = relative(repeats(errors))
    assert half_width(gap).max() < 1e-9
    np.testing.assert_allclose(gap.mean(0), 0.05 / errors[1].mean(0))


def test_the_verdict_names_who_wins_where():
    noise = np.random.default_rng(0).normal(0, 0.001, size=(2, 10, 3))
    crossing = np.array([[0.4, 0.2, 0.1], [0.3, 0.2, 0.15]])[:, None] + noise
    said = db.repeats_scene(repeats(crossing)).sentence
    assert "wins with 8 labels" in said
    assert "A with 512" in said
    even = np.full((2, 10, 3), 0.2) + noise
    assert "Nowhere" in db.repeats_scene(repeats(even)).sentence
    one = np.array([[0.4, 0.4, 0.4], [0.3, 0.3, 0.3]])[:, None] + noise
    assert "B wins with 8 to 512 labels" in db.repeats_scene(repeats(one)).sentence
    assert "luck" in db.repeats_scene(repeats(one[:, :2])).sentence


@pytest.mark.parametrize("pair", [("net", "mixture"), ("svm", "kernel"), ("logistic", "lda")])
def test_the_experiment_repeats_with_fresh_labels_and_the_same_seed(pair):
    run = db.Config(labels=16, discriminative=pair[0], generative=pair[1])
    config = db.experiment(run, 2)
    snapshots, errors = finish(db.curves(config))
    assert errors.shape == (2, 2, len(sizes(config, 2)))
    assert not np.array_equal(errors[:, 0], errors[:, 1])
    np.testing.assert_array_equal(finish(db.curves(config))[1], errors)
    assert [s.step for s in snapshots] == [0, 1, 2]
    assert (errors >= 0.8 * snapshots[0].best).all()


def test_runs_that_differ_in_nothing_that_matters_share_an_experiment():
    a = db.experiment(db.Config(steps=10, unlabelled=0), 5)
    b = db.experiment(db.Config(steps=900), 5)
    assert a == b
    assert a != db.experiment(db.Config(labels=64), 5)
    assert a != db.experiment(db.Config(seed=3), 5)
    assert sizes(a, 2) == [4, 8, 16, 32, 64, 128, 256]
