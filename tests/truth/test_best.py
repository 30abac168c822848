"""The best that any model could do, against closed forms and simulation."""

from math import log, sqrt

import numpy as np
import pytest
import torch
from scipy import integrate, stats
from sklearn.decomposition import PCA
from sklearn.neighbors import KernelDensity

from explorer.data import plane as data
from explorer.data.mixture import spherical
from explorer.nets import generator
from explorer.scene import plane_grid
from explorer.truth import plane
from explorer.truth.kernel import choose_bandwidth, kernel_density
from explorer.truth.linear import LinearGaussian, ppca

GRID = torch.from_numpy(plane_grid((-3, 3), (-3, 3), 48))


def two(gap, scale=1.0, weights=(1.0, 1.0)):
    """Two round Gaussians whose means lie `gap` apart, one class each."""
    means = torch.tensor([[-gap / 2, 0.0], [gap / 2, 0.0]])
    return spherical(means, scale, torch.tensor(weights), torch.arange(2), separate=True)


def test_the_best_discriminator_of_two_normals_is_a_logistic_curve():
    p, q = two(1.0).given(0), two(1.0).given(1)
    belief = plane.optimal_discriminator(p, q.log_density, GRID)
    torch.testing.assert_close(belief, torch.sigmoid(-GRID[:, 0]), atol=1e-6, rtol=1e-4)


def test_against_a_perfect_generator_the_best_discriminator_cannot_tell():
    for p in data.DATASETS.values():
        belief = plane.optimal_discriminator(p, p.log_density, GRID)
        torch.testing.assert_close(belief, torch.full_like(belief, 0.5))


def test_no_other_belief_has_a_smaller_loss_than_the_best_discriminator():
    p, q = data.get("moons"), data.get("spiral")
    p_x, q_x = p.log_density(GRID).exp(), q.log_density(GRID).exp()
    best = plane.optimal_discriminator(p, q.log_density, GRID).clamp(1e-6, 1 - 1e-6)

    def loss(belief):
        return -(p_x * belief.log() + q_x * (1 - belief).log()).sum()

    for seed in range(5):
        other = torch.sigmoid(
            best.logit() + 0.3 * torch.randn(len(best), generator=generator(seed))
        )
        assert loss(other) > loss(best)


def test_jensen_shannon_is_zero_for_equals_and_log_2_for_strangers():
    ring = data.get("ring")
    assert plane.jensen_shannon(ring, ring.log_density).value == pytest.approx(0, abs=1e-6)
    far = spherical(torch.tensor([[4.0, 4.0]]), 0.1)
    estimate = plane.jensen_shannon(ring, far.log_density)
    assert estimate.value == pytest.approx(log(2), abs=max(1e-3, estimate.error))


def test_jensen_shannon_is_what_the_game_is_worth():
    """E_p[log D*] + E_q[log(1 - D*)] = 2 JS - 2 log 2, by simulation."""
    p, q = data.get("moons"), data.get("circles")
    x, y = p.sample(200_000, generator(0)), q.sample(200_000, generator(1))
    value = plane.optimal_discriminator(p, q.log_density, x).log().mean()
    value += torch.log1p(-plane.optimal_discriminator(p, q.log_density, y)).mean()
    js = plane.jensen_shannon(p, q.log_density)
    assert js.error < 1e-3
    assert (value.item() + 2 * log(2)) / 2 == pytest.approx(js.value, abs=3e-3)


@pytest.mark.parametrize("gap", [0.5, 1.0, 3.0])
def test_the_bayes_error_of_two_equal_normals_is_the_tail_beyond_the_middle(gap):
    estimate = plane.bayes_error(two(gap))
    assert estimate.value == pytest.approx(stats.norm.cdf(-gap / 2), abs=1e-4)
    assert abs(estimate.value - stats.norm.cdf(-gap / 2)) <= 2 * estimate.error + 1e-6


@pytest.mark.parametrize("name", ["gaussians", "moons", "pinwheel", "spiral"])
def test_the_bayes_classifier_errs_as_often_as_the_integral_says(name):
    dist = data.get(name).noised(0.9, 0.4)
    x, label = dist.sample_labelled(60_000, generator(0))
    answer = plane.bayes(dist, x)
    wrong = (answer.label != label).double().mean().item()
    assert wrong == pytest.approx(answer.error.value, abs=4 * sqrt(0.25 / 60_000))
    # How sure it is, is how often it is right.
    sure = answer.posterior.amax(1).double().mean().item()
    assert sure == pytest.approx(1 - answer.error.value, abs=4 * sqrt(0.25 / 60_000))


def test_a_rare_class_needs_better_evidence():
    rare = two(2.0, weights=(9.0, 1.0))
    middle = torch.zeros(1, 2)
    assert plane.posterior(rare, middle)[0].tolist() == pytest.approx([0.9, 0.1])
    even = torch.tensor([[log(9) / 2, 0.0]])  # gap * x = log of the ratio of the priors
    assert plane.posterior(rare, even)[0].tolist() == pytest.approx([0.5, 0.5])


def test_where_there_is_no_density_the_posterior_is_the_prior():
    board = data.get("checkerboard")
    answer = plane.posterior(board, torch.tensor([[9.0, 9.0], [0.4, 0.4]]))
    assert answer[0].tolist() == pytest.approx([0.5, 0.5])
    assert answer[1].tolist() in ([0, 1], [1, 0])
    assert plane.bayes_error(board).value == 0


def test_with_one_coordinate_missing_the_posterior_is_the_average_over_the_other():
    dist = data.get("gaussians")
    x, label = dist.sample_labelled(400_000, generator(0))
    near = (x[:, 0] - 0.3).abs() < 0.05
    share = (label[near] == 1).double().mean().item()
    (answer,) = plane.posterior_from_one(dist, torch.tensor([0.3]), axis=0)
    assert answer[1].item() == pytest.approx(share, abs=0.015)
    assert answer.sum().item() == pytest.approx(1)


@pytest.mark.parametrize("scale", [0.2, 1.0])
def test_the_entropy_of_a_normal_is_known(scale):
    estimate = plane.entropy(spherical(torch.zeros(1, 2), scale))
    assert estimate.value == pytest.approx(1 + log(2 * np.pi * scale**2), abs=1e-4)


def test_the_entropy_of_a_board_is_the_logarithm_of_its_area():
    estimate = plane.entropy(data.get("checkerboard"))
    assert abs(estimate.value - log(6)) <= estimate.error


def test_no_density_scores_better_on_fresh_data_than_the_entropy_allows():
    moons = data.get("moons")
    x = moons.sample(100_000, generator(0))
    own = -moons.log_density(x).mean().item()
    assert own == pytest.approx(plane.entropy(moons).value, abs=0.01)
    for other in (data.get("spiral"), moons.noised(1.0, 0.1)):
        assert -other.log_density(x).mean().item() > own


def test_the_bound_on_an_integral_holds():
    estimate = plane.integral(lambda x: torch.exp(-x.square().sum(1) / 0.01), n=60)
    assert abs(estimate.value - 0.01 * np.pi) <= estimate.error


# The density of samples.


def total_variation(estimate, log_density):
    axis = torch.linspace(-3.2, 3.2, 81)
    x = torch.cartesian_prod(axis, axis)
    gap = estimate.log_density(x).exp() - log_density(x).exp()
    return gap.abs().sum().item() * 0.08**2 / 2


@pytest.mark.parametrize(
    ("name", "worst"), [("gaussians", 0.08), ("moons", 0.13), ("spiral", 0.22)]
)
def test_the_kernel_density_of_many_samples_comes_near_the_truth(name, worst):
    dist = data.get(name)
    estimate = kernel_density(dist.sample(2000, generator(0)))
    assert total_variation(estimate, dist.log_density) < worst


def test_the_chosen_bandwidth_is_near_the_best_one():
    dist = data.get("moons")
    x = dist.sample(2000, generator(0))
    chosen = total_variation(kernel_density(x), dist.log_density)
    others = [
        total_variation(kernel_density(x, h), dist.log_density) for h in (0.03, 0.05, 0.08, 0.3)
    ]
    assert chosen < 1.25 * min(others)
    assert chosen < 0.6 * max(others)


def test_the_bandwidth_shrinks_with_the_number_of_samples_and_needs_three():
    x = torch.randn(32_000, 2, generator=generator(0))
    assert choose_bandwidth(x) == pytest.approx(choose_bandwidth(x[:500]) / 2, rel=1e-6)
    with pytest.raises(ValueError, match=r"samples must be at least 3\. Got 2 instead\."):
        choose_bandwidth(x[:2])


def test_the_estimate_is_scikit_learns_and_has_mass_one():
    x = data.get("moons").sample(300, generator(0))
    oracle = KernelDensity(bandwidth=0.2).fit(x.numpy())
    ours = kernel_density(x, 0.2)
    near = GRID[ours.log_density(GRID) > -20]  # far away its tree rounds
    np.testing.assert_allclose(ours.log_density(near), oracle.score_samples(near), atol=1e-4)
    mass = plane.integral(lambda x: ours.log_density(x).exp(), n=120)
    assert mass.value == pytest.approx(1, abs=1e-5)


# The linear-Gaussian model.


def example(n=2000, d=6, q=2, seed=0):
    rng = generator(seed)
    truth = LinearGaussian(
        torch.randn(d, q, generator=rng).double(), torch.randn(d, generator=rng).double(), 0.4
    )
    return truth, truth.sample(n, rng)


@pytest.mark.parametrize("latents", [1, 2, 5])
def test_probabilistic_pca_is_that_of_scikit_learn(latents):
    _, x = example()
    model, oracle = ppca(x, latents), PCA(latents).fit(x.numpy())
    n = len(x)  # scikit-learn divides by n - 1
    np.testing.assert_allclose(
        model.covariance, oracle.get_covariance() * (n - 1) / n, rtol=1e-6, atol=1e-9
    )
    assert model.log_density(x).mean().item() == pytest.approx(oracle.score(x.numpy()), abs=1e-5)


def test_no_other_linear_model_is_more_likely_than_the_fitted_one():
    _, x = example()
    best = ppca(x, 2)
    for seed in range(5):
        rng = generator(seed)
        other = LinearGaussian(
            best.weights + 0.05 * torch.randn(best.weights.shape, generator=rng).double(),
            best.mean,
            best.noise * 1.05,
        )
        assert other.log_density(x).mean() < best.log_density(x).mean()


def test_the_likelihood_and_the_posterior_are_what_quadrature_over_z_gives():
    model = LinearGaussian(torch.tensor([[0.8], [-0.5]]), torch.tensor([0.1, 0.2]), 0.5)
    x = torch.tensor([[0.7, -0.9]])

    def joint(z):
        mean = model.weights[:, 0].numpy() * z + model.mean.numpy()
        return stats.norm.pdf(z) * stats.norm.pdf(x[0].numpy(), mean, model.noise).prod()

    mass = integrate.quad(joint, -10, 10)[0]
    assert model.log_density(x).item() == pytest.approx(log(mass), rel=1e-5)
    mean = integrate.quad(lambda z: z * joint(z), -10, 10)[0] / mass
    square = integrate.quad(lambda z: z * z * joint(z), -10, 10)[0] / mass
    means, covariance = model.posterior(x)
    assert means.item() == pytest.approx(mean, rel=1e-5)
    assert covariance.item() == pytest.approx(square - mean**2, rel=1e-5)


def test_the_bound_touches_the_likelihood_at_the_exact_posterior_and_nowhere_else():
    model, x = example(n=50)
    means, covariance = model.posterior(x)
    exact = model.log_density(x)
    torch.testing.assert_close(model.elbo(x, means, covariance), exact)
    assert (model.elbo(x, means + 0.1, covariance) < exact).all()
    assert (model.elbo(x, means, 1.5 * covariance) < exact).all()


def test_samples_of_the_linear_model_have_its_mean_and_covariance():
    model, x = example(n=200_000)
    torch.testing.assert_close(x.mean(0), model.mean, atol=0.02, rtol=0)
    torch.testing.assert_close(x.T.cov(), model.covariance, atol=0.06, rtol=0)


@pytest.mark.parametrize("latents", [0, 6])
def test_too_few_or_too_many_latents_are_refused(latents):
    _, x = example(n=10)
    with pytest.raises(ValueError, match=f"latents must be between 1 and 5. Got {latents} instead"):
        ppca(x, latents)
