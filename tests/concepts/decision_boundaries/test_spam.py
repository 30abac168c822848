"""Laws of the spam-filter example: exact source, models equal to scikit-learn, log-odds."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, MultinomialNB

from explorer.concepts.decision_boundaries.spam import (
    WORDS,
    Linear,
    logistic,
    naive_bayes,
    source,
)
from explorer.concepts.decision_boundaries.spam_filter import (
    SpamFilterConfig,
    spam_filter,
    spam_filter_scene,
)
from explorer.runs import finish


def mails(n, seed=0):
    return source().draw(n, np.random.default_rng(seed))


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
    model = naive_bayes(x, y)
    fresh, label = mails(100_000, 1)
    assert ((model.log_odds(fresh) > 0) != label).mean() == pytest.approx(
        source().error(model), abs=0.004
    )


def test_no_linear_model_beats_the_bayes_error():
    every, rng = source(), np.random.default_rng(0)
    assert every.error_of(every.log_odds(every.mails)) == pytest.approx(every.bayes)
    for _ in range(50):
        model = Linear(rng.normal(), rng.normal(size=len(WORDS)))
        assert every.error(model) >= every.bayes
    assert all(limit >= every.bayes for limit in every.limits.values())


@pytest.mark.parametrize("event_model", ["bernoulli", "multinomial"])
def test_naive_bayes_of_words_equals_scikit_learn(event_model):
    x, y = mails(120)
    theirs = (BernoulliNB if event_model == "bernoulli" else MultinomialNB)(alpha=1.0).fit(x, y)
    model = naive_bayes(x, y, event_model)
    log_p = theirs.predict_log_proba(source().mails)
    gap = model.log_odds(source().mails) - (log_p[:, 1] - log_p[:, 0])
    # Our shares of spam are smoothed, too; apart from that constant they are the same.
    np.testing.assert_allclose(gap, gap[0], atol=1e-9)
    assert abs(gap[0]) < 0.02


def test_logistic_regression_by_newton_equals_scikit_learn():
    x, y = mails(300)
    theirs = LogisticRegression(C=1.0, tol=1e-10, max_iter=2000).fit(x, y)
    model = logistic(x, y, bias_penalty=0.0)
    np.testing.assert_allclose(model.weights, theirs.coef_[0], atol=1e-4)
    assert model.bias == pytest.approx(theirs.intercept_[0], abs=1e-4)


def test_logistic_regression_is_finite_on_mails_of_one_class():
    x, y = mails(400)
    model = logistic(x[y == 1][:8], y[y == 1][:8])
    assert np.isfinite([model.bias, *model.weights]).all()
    assert model.bias > 0


def test_what_the_words_add_sums_to_the_log_odds_of_the_mail():
    config = SpamFilterConfig(("free", "loan", "lunch"), mails=200)
    snapshots, totals = finish(spam_filter(config))
    assert [s.step for s in snapshots] == [0, 1, 2, 3]
    np.testing.assert_allclose(snapshots[-1].totals, totals)
    x = np.array([[word in config.words for word in WORDS]], float)
    assert totals[2] == pytest.approx(source().log_odds(x)[0])
    assert (snapshots[1].added[:, 2:] == 0).all()


def test_a_word_adds_the_same_to_every_mail_except_exactly():
    """Both filters are sums; what "loan" adds exactly depends on the words beside it."""
    alone = finish(spam_filter(SpamFilterConfig(("loan",))))[0][-1].added[:, 1]
    beside = finish(spam_filter(SpamFilterConfig(("winner", "loan"))))[0][-1].added[:, 2]
    np.testing.assert_allclose(alone[:2], beside[:2], atol=1e-9)
    assert abs(alone[2] - beside[2]) > 0.5


@pytest.mark.parametrize("words", [(), WORDS, ("free", "winner", "loan", "weekend")])
def test_every_mail_can_be_shown(words):
    for snapshot in finish(spam_filter(SpamFilterConfig(words)))[0]:
        scene = spam_filter_scene(snapshot)
        assert scene.sentence.endswith(".")
        assert all(np.isfinite(reading.value) for reading in scene.readings)
        for mark, reading in zip(scene.panels[0].marks, snapshot.added):
            np.testing.assert_allclose(mark.values, reading, rtol=1e-5)


def test_unknown_words_are_refused_by_name():
    with pytest.raises(ValueError, match="words must be some of"):
        SpamFilterConfig(("bogus",))
