"""Laws of the classifiers: equal to scikit-learn, EM climbs, coordinates are marginalised."""

import numpy as np
import pytest
import torch
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KernelDensity, KNeighborsClassifier

from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE, Config
from explorer.concepts.decision_boundaries.discriminative import (
    Logistic,
    NearestNeighbours,
    Networks,
    SupportVectorMachine,
    platt_factor,
)
from explorer.concepts.decision_boundaries.generative import (
    UNKNOWN,
    GaussianClassifier,
    Gaussians,
    KernelClassifier,
    best_bandwidth,
    expect,
    log_prior,
    maximise,
    start,
)
from explorer.concepts.decision_boundaries.measure import expected_error, labelled, problem
from explorer.concepts.decision_boundaries.model import new_discriminative, new_generative
from explorer.nets import generator
from explorer.optim import Adam
from explorer.truth.plane import posterior, posterior_from_one

NONE = 1e-12  # pseudo-observations: scikit-learn has none


def data(dataset="pinwheel", n=200, seed=0):
    """Labelled points, and test points."""
    truth = problem(dataset, 4, 0.3)
    x, y = labelled(truth.source, n, generator(seed))
    return x, y, truth.test[:300], truth


def fitted(kind, x, y, classes, prior=NONE, updates=1, components=3, **more):
    model = GaussianClassifier(kind, classes, components, prior, generator(0), **more)
    for _ in range(updates):
        model.update(x, y)
    return model


def shares(model, points):
    """p(y | x) of any model."""
    if hasattr(model, "logits"):
        return torch.softmax(model.logits(points), 1)
    return posterior(model.model(), points)


def test_naive_bayes_equals_scikit_learn():
    x, y, points, truth = data()
    theirs = GaussianNB(var_smoothing=0).fit(x.double(), y)
    ours = shares(fitted("naive_bayes", x, y, truth.classes), points)
    np.testing.assert_allclose(ours, theirs.predict_proba(points.double()), atol=1e-5)


def test_lda_equals_scikit_learn():
    x, y, points, truth = data()
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(x.double(), y)
    ours = shares(fitted("lda", x, y, truth.classes), points)
    np.testing.assert_allclose(ours, theirs.predict_proba(points.double()), atol=1e-5)


def test_qda_equals_scikit_learn():
    x, y, points, truth = data()
    theirs = QuadraticDiscriminantAnalysis().fit(x.double(), y)
    ours = shares(fitted("qda", x, y, truth.classes), points)
    np.testing.assert_allclose(ours, theirs.predict_proba(points.double()), atol=1e-5)


def test_em_for_one_class_equals_scikit_learn_from_the_same_start():
    x = problem("moons", 4, 0.3).source.sample(300, generator(1)).double()
    y = torch.zeros(len(x), dtype=torch.int64)
    groups = torch.zeros(4, dtype=torch.int64)
    state = start(x, y, groups, generator(2))
    theirs = GaussianMixture(
        4, reg_covar=0, max_iter=12, tol=0, weights_init=state.weights, means_init=state.means,
        precisions_init=torch.linalg.inv(state.covariances),
    )  # fmt: skip
    with pytest.warns(Warning, match="converge"):
        theirs.fit(x)
    for _ in range(12):
        state = maximise(x, expect(state, x, y)[0], state, "free", NONE)
    np.testing.assert_allclose(state.weights, theirs.weights_, atol=1e-6)
    np.testing.assert_allclose(state.means, theirs.means_, atol=1e-6)
    np.testing.assert_allclose(state.covariances, theirs.covariances_, atol=1e-6)


def test_kernel_density_estimates_equal_scikit_learn():
    x, y, points, truth = data()
    model = KernelClassifier(truth.classes, bandwidth=0.3)
    model.update(x, y)
    ours = model.model().class_log_density(points)
    for label in range(truth.classes):
        theirs = KernelDensity(bandwidth=0.3).fit(x[y == label]).score_samples(points)
        np.testing.assert_allclose(ours[:, label], theirs, atol=1e-4)


def test_the_bandwidth_has_the_highest_leave_one_out_likelihood():
    x, y, *_ = data(n=60)
    widths = torch.tensor([0.05, 0.1, 0.2, 0.4, 0.8]).double()
    scores = []
    for width in widths.tolist():
        total = 0.0
        for i in range(len(x)):
            rest = (torch.arange(len(x)) != i) & (y == y[i])
            density = KernelDensity(bandwidth=width).fit(x[rest])
            total += density.score_samples(x[i : i + 1])[0]
        scores.append(total)
    assert best_bandwidth(x.double(), y, widths) == widths[int(np.argmax(scores))]


@pytest.mark.parametrize("dataset", ["gaussians", "pinwheel"])
def test_logistic_regression_by_gradient_equals_scikit_learn(dataset):
    x, y, points, truth = data(dataset)
    # With two classes scikit-learn keeps one weight vector, which is the difference of our two.
    theirs = LogisticRegression(C=2.0 if truth.classes == 2 else 1.0, tol=1e-8, max_iter=1000)
    theirs.fit(x, y)
    model = Logistic(truth.classes)
    for _ in range(3000):
        model.update(x, y)
    np.testing.assert_allclose(shares(model, points), theirs.predict_proba(points), atol=1e-4)


def test_a_step_of_logistic_regression_never_raises_the_loss():
    x, y, _, truth = data("gaussians", 60)
    model = Logistic(truth.classes, quadratic=True)
    losses = []
    for _ in range(50):
        model.update(x, y)
        fit = -torch.log_softmax(model.logits(x), 1)[torch.arange(len(x)), y].mean()
        losses.append((fit + model.weights[1:].square().sum() / (2 * len(x))).item())
    assert np.all(np.diff(losses) <= 1e-12)


def test_nearest_neighbours_equal_scikit_learn():
    x, y, points, truth = data()
    model = NearestNeighbours(truth.classes, 9)
    model.update(x, y)
    theirs = KNeighborsClassifier(9).fit(x, y).predict_proba(points)
    np.testing.assert_allclose(shares(model, points), theirs, atol=1e-6)


@pytest.mark.parametrize("dataset", ["moons", "pinwheel"])
def test_platt_scaling_keeps_the_boundary_of_the_support_vector_machine(dataset):
    x, y, points, truth = data(dataset)
    model = SupportVectorMachine(truth.classes, 1.0, 1.0)
    model.update(x, y)
    own = torch.from_numpy(model.machine.predict(points.numpy()))
    assert torch.equal(shares(model, points).argmax(1), own)


def test_the_platt_factor_recovers_probabilities():
    rng = generator(3)
    scores = 2 * torch.randn(4000, 3, generator=rng)
    drawn = torch.multinomial(torch.softmax(1.7 * scores, 1), 1, generator=rng)[:, 0]
    assert platt_factor(scores, drawn) == pytest.approx(1.7, rel=0.15)


@pytest.mark.parametrize("kind", [*DISCRIMINATIVE, *GENERATIVE])
def test_posterior_probabilities_add_up_before_and_after_training(kind):
    x, y, points, truth = data(n=40)
    if kind in DISCRIMINATIVE:
        model = new_discriminative(Config(discriminative=kind), truth.classes, generator(0))
    else:
        model = new_generative(Config(generative=kind), truth.classes, generator(0))
    for _ in range(3):
        share = shares(model, points)
        np.testing.assert_allclose(share.sum(1), 1, atol=1e-5)
        assert (share >= 0).all()
        model.update(x, y)


@pytest.mark.parametrize("kind", [*DISCRIMINATIVE, *GENERATIVE])
def test_no_model_beats_the_bayes_classifier_at_any_point(kind):
    x, y, points, truth = data(n=100)
    if kind in DISCRIMINATIVE:
        model = new_discriminative(Config(discriminative=kind), truth.classes, generator(0))
    else:
        model = new_generative(Config(generative=kind), truth.classes, generator(0))
    for _ in range(20):
        model.update(x, y)
    exact = truth.test_posterior[: len(points)]
    assert (expected_error(shares(model, points), exact) >= 1 - exact.amax(1)).all()


@pytest.mark.parametrize("kind", ["naive_bayes", "lda", "qda", "mixture"])
@pytest.mark.parametrize("prior", [NONE, 2.0])
def test_em_never_lowers_its_objective(kind, prior):
    """The likelihood, or with pseudo-observations the likelihood times the prior."""
    x, y, extra, truth = data(n=24)
    model = GaussianClassifier(kind, truth.classes, 3, prior, generator(1), extra)
    every = torch.cat([x, extra]).double()
    known = torch.cat([y, torch.full((len(extra),), UNKNOWN)])
    values = []
    for _ in range(25):
        model.update(x, y)
        values.append(model.objective(model.state, every, known))
    assert np.all(np.diff(values) > -1e-7), np.diff(values).min()
    assert values[-1] > values[0]


def test_a_labelled_point_has_no_responsibility_in_other_classes():
    x, y, _, truth = data(n=40)
    groups = torch.arange(truth.classes).repeat_interleave(2)
    state = start(x.double(), y, groups, generator(0))
    r, _ = expect(state, x.double(), y)
    np.testing.assert_allclose(r.sum(1), 1, atol=1e-9)
    assert (r[y[:, None] != groups] == 0).all()


def test_pseudo_observations_are_a_prior_whose_mode_the_m_step_finds():
    """Moving a covariance away from what the M step returns lowers the objective."""
    x, y, _, truth = data(n=30)
    model = fitted("qda", x, y, truth.classes, prior=3.0)
    best = model.objective(model.state, x.double(), y)
    for scale in (0.95, 1.05):
        s = model.state
        moved = Gaussians(s.weights, s.means, scale * s.covariances, s.groups)
        assert model.objective(moved, x.double(), y) < best
    assert log_prior(model.state, "free", 3.0) != 0


def test_qda_comes_to_the_bayes_error_on_gaussians():
    truth = problem("gaussians", 2, 0.0)
    errors, gaps = [], []
    for n in (20, 200, 5000):
        x, y = labelled(truth.source, n, generator(4))
        share = shares(fitted("qda", x, y, 2, prior=1.0), truth.test)
        errors.append(expected_error(share, truth.test_posterior).mean().item())
        gaps.append((share - truth.test_posterior).abs().mean().item())
    best = (1 - truth.test_posterior.amax(1)).mean().item()
    assert gaps[0] > gaps[1] > gaps[2]
    assert errors[2] - best < 0.001


def test_a_missing_coordinate_is_marginalised():
    """p(y | x1) from the closed form equals the integral of p(x1, x2, y) over x2."""
    x, y, _, truth = data(n=60)
    model = fitted("mixture", x, y, truth.classes, prior=1.0, updates=5).model()
    value = torch.tensor([-1.1, 0.2, 1.4])
    other = torch.linspace(-9, 9, 4001)
    for axis in (0, 1):
        parts = []
        for v in value:
            points = torch.stack([v.expand(len(other)), other], 1)
            points = points if axis == 0 else points.flip(1)
            joint = model.class_log_density(points) + model.class_log_prior
            parts.append(joint.exp().sum(0))
        summed = torch.stack(parts)
        summed /= summed.sum(1, keepdim=True)
        np.testing.assert_allclose(posterior_from_one(model, value, axis), summed, atol=1e-4)


def test_unlabelled_points_help_when_the_assumption_is_right():
    truth = problem("gaussians", 2, 0.0)
    alone, helped = [], []
    for seed in range(8):
        rng = generator(seed)
        x, y = labelled(truth.source, 8, rng)
        extra = truth.source.sample(500, rng)
        for errors, more in ((alone, {}), (helped, {"unlabelled": extra})):
            model = fitted("qda", x, y, 2, prior=1.0, updates=20, **more)
            errors.append(
                expected_error(shares(model, truth.test), truth.test_posterior).mean().item()
            )
    assert np.mean(helped) < np.mean(alone) - 0.02
    assert np.mean(helped) - truth.error.value < 0.01


def test_networks_side_by_side_do_not_affect_each_other():
    """The data of one do not change the other."""
    ends = []
    for move in (0.0, 5.0):
        networks = Networks(2, 8, 3, generator(0))
        optimizer = Adam(networks.parameters(), 0.01)
        x = torch.randn(2, 20, 2, generator=generator(1))
        x[0] += move
        for _ in range(5):
            optimizer.descend(networks(x).square().mean(dim=(1, 2)).sum())
        ends.append(networks(torch.ones(2, 4, 2)).detach())
    assert not torch.allclose(ends[0][0], ends[1][0])
    assert torch.equal(ends[0][1], ends[1][1])
