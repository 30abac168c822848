"""Laws of every distribution in the plane, at every noise level."""

from math import exp, sqrt

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.mixture import GaussianMixture

from explorer.data import plane
from explorer.data.mixture import Mixture
from explorer.nets import generator

DRAWING = plane.encode_strokes([[(-2, -2), (-1, 0), (0, 2)], [(1, 1), (2, -1), (2.5, -1)]])
NAMES = [*plane.DATASETS, DRAWING]
SMOOTH = [name for name in NAMES if name != "checkerboard"]
NOISE = [(0.8, 0.6), (1.0, 0.2), (1.0, 3.0), (0.05, 1.0)]

every_set = pytest.mark.parametrize("name", NAMES)
every_noise = pytest.mark.parametrize(("alpha", "sigma"), [(1.0, 0.0), *NOISE])


def noised(name, alpha, sigma):
    dist = plane.get(name)
    return dist.noised(alpha, sigma) if sigma else dist


def cells(reach, n):
    """Centres of n x n cells over +-reach in float64, and the area of one."""
    axis = (torch.arange(n, dtype=torch.float64) + 0.5) * 2 * reach / n - reach
    return torch.cartesian_prod(axis, axis), (2 * reach / n) ** 2


@every_noise
@every_set
def test_the_density_has_mass_one(name, alpha, sigma):
    # The edges of the checkerboard fall between cells of this size.
    reach, n = (8 * 0.75**0.5, 320) if sigma == 0 else (5 * (alpha + sigma), 160)
    x, area = cells(reach, n)
    mass = noised(name, alpha, sigma).log_density(x).exp().sum().item() * area
    assert mass == pytest.approx(1, abs=2e-5)


@pytest.mark.parametrize(
    ("name", "alpha", "sigma"),
    [(n, 1.0, 0.0) for n in SMOOTH] + [(n, *noise) for n in NAMES for noise in NOISE],
)
def test_the_score_is_the_slope_of_the_log_density(name, alpha, sigma):
    dist = noised(name, alpha, sigma)
    rng = generator(0)
    near = dist.sample(200, rng).double()
    x = torch.cat([near, 3 * near])  # where the data lie, and far away
    step = 1e-5 * torch.eye(2, dtype=torch.float64)
    slope = torch.stack(
        [(dist.log_density(x + h) - dist.log_density(x - h)) / 2e-5 for h in step], dim=1
    )
    torch.testing.assert_close(dist.score(x), slope, rtol=1e-4, atol=1e-4)


@every_set
def test_autograd_agrees_with_the_score(name):
    dist = plane.get(name).noised(0.9, 0.3)
    x = dist.sample(100, generator(0)).double().requires_grad_()
    (slope,) = torch.autograd.grad(dist.log_density(x).sum(), x)
    torch.testing.assert_close(dist.score(x).detach(), slope, rtol=1e-6, atol=1e-6)


@every_noise
@every_set
def test_single_precision_is_enough_even_far_away(name, alpha, sigma):
    dist = noised(name, alpha, sigma)
    x = torch.cat([dist.sample(500, generator(0)), 8 * torch.randn(200, 2, generator=generator(1))])
    torch.testing.assert_close(
        dist.log_density(x).double(), dist.log_density(x.double()), rtol=1e-5, atol=1e-5
    )
    torch.testing.assert_close(
        dist.score(x).double(), dist.score(x.double()), rtol=1e-3, atol=1e-3 / dist.mode_scale
    )


def test_without_noise_the_checkerboard_is_flat_with_nothing_around_it():
    board = plane.get("checkerboard")
    inside, outside = board.sample(1000, generator(0)), torch.tensor([[0.4, -0.4], [5.0, 0.0]])
    torch.testing.assert_close(board.log_density(inside).exp(), torch.full((1000,), 1 / 6))
    assert board.log_density(outside).isneginf().all()
    assert not board.score(torch.cat([inside, outside])).any()


def expected_counts(dist, edges, n, fine):
    """The mass of each coarse cell by quadrature, times n."""
    size = (edges[1] - edges[0]) / fine
    axis = torch.tensor(edges[0] + size * (np.arange(fine * (len(edges) - 1)) + 0.5))
    density = dist.log_density(torch.cartesian_prod(axis, axis)).exp() * size**2
    k = len(edges) - 1
    return n * density.view(k, fine, k, fine).sum((1, 3)).numpy()


def chi_square_p(x, dist, edges, fine=12):
    seen = np.histogram2d(*x.numpy().T, bins=[edges, edges])[0]
    due = expected_counts(dist, edges, len(x), fine)
    enough = due > 10
    seen = np.append(seen[enough], len(x) - seen[enough].sum())
    due = np.append(due[enough], len(x) - due[enough].sum())
    return stats.chi2.sf(((seen - due) ** 2 / due.clip(1e-9)).sum(), df=enough.sum())


@every_noise
@every_set
def test_samples_follow_the_density(name, alpha, sigma):
    dist = noised(name, alpha, sigma)
    edges = np.linspace(-1, 1, 13) * 4 * 0.75**0.5 * (alpha + sigma)
    fine = 36 if name in ("ring", "grid") else 12  # narrow modes are cut by the edges of cells
    assert chi_square_p(dist.sample(40_000, generator(0)), dist, edges, fine) > 1e-4


@pytest.mark.parametrize(("alpha", "sigma"), NOISE)
@every_set
def test_the_noised_distribution_is_what_adding_noise_gives(name, alpha, sigma):
    rng = generator(1)
    x = alpha * plane.get(name).sample(40_000, rng) + sigma * torch.randn(40_000, 2, generator=rng)
    edges = np.linspace(-1, 1, 13) * 3.5 * (alpha + sigma)
    assert chi_square_p(x, plane.get(name).noised(alpha, sigma), edges) > 1e-4


@every_set
def test_noise_upon_noise_is_noise(name):
    dist = plane.get(name)
    x = 2 * torch.randn(100, 2, generator=generator(0), dtype=torch.float64)
    twice = dist.noised(0.8, 0.3).noised(0.5, 0.4)
    once = dist.noised(0.4, sqrt((0.5 * 0.3) ** 2 + 0.4**2))
    torch.testing.assert_close(twice.log_density(x), once.log_density(x))


@every_noise
@every_set
def test_mean_and_covariance_are_those_of_the_samples(name, alpha, sigma):
    dist = noised(name, alpha, sigma)
    x = dist.sample(100_000, generator(2))
    size = alpha + sigma
    torch.testing.assert_close(dist.mean, x.mean(0), atol=0.02 * size, rtol=0)
    torch.testing.assert_close(dist.covariance, x.T.cov(), atol=0.03 * size**2, rtol=0)


@every_set
def test_every_set_is_centred_of_unit_size_and_within_the_limits(name):
    dist = plane.get(name)
    torch.testing.assert_close(dist.mean, torch.zeros(2), atol=1e-6, rtol=0)
    assert dist.covariance.trace().item() / 2 == pytest.approx(1, abs=0.02)
    inside = dist.sample(20_000, generator(0)).abs().amax(1) < plane.LIMITS[1]
    assert inside.double().mean() > 0.995


@every_noise
@every_set
def test_classes_make_up_the_whole(name, alpha, sigma):
    dist = noised(name, alpha, sigma)
    x = dist.sample(300, generator(0)).double()
    by_class = dist.class_log_density(x)
    assert by_class.shape == (300, dist.classes)
    whole = torch.logsumexp(by_class + dist.class_log_prior.double(), dim=1)
    torch.testing.assert_close(whole, dist.log_density(x), atol=1e-6, rtol=1e-6)
    assert dist.class_log_prior.exp().sum().item() == pytest.approx(1)


@every_set
def test_a_class_by_itself_is_what_the_labels_say(name):
    dist = plane.get(name).noised(1.0, 0.1)
    x, label = dist.sample_labelled(60_000, generator(0))
    assert label.dtype == torch.int64
    shares = torch.bincount(label, minlength=dist.classes) / len(label)
    torch.testing.assert_close(shares, dist.class_log_prior.exp(), atol=0.01, rtol=0)
    last = dist.classes - 1
    own = dist.given(last)
    torch.testing.assert_close(
        own.log_density(x[:100]), dist.class_log_density(x[:100])[:, last], atol=1e-4, rtol=1e-5
    )
    assert chi_square_p(x[label == last], own, np.linspace(-3.5, 3.5, 13)) > 1e-4


@pytest.mark.parametrize("axis", [0, 1])
@every_set
def test_the_marginal_of_one_coordinate_is_the_density_summed_over_the_other(name, axis):
    dist = plane.get(name).noised(0.9, 0.2)
    value = torch.linspace(-2, 2, 9, dtype=torch.float64)
    other = torch.linspace(-6, 6, 2001, dtype=torch.float64)
    pair = [value.repeat_interleave(len(other)), other.repeat(len(value))]
    density = dist.class_log_density(torch.stack(pair if axis == 0 else pair[::-1], dim=1)).exp()
    summed = density.view(len(value), len(other), -1).sum(1) * (other[1] - other[0])
    torch.testing.assert_close(dist.class_log_marginal(value, axis).exp(), summed)


@pytest.mark.parametrize(("alpha", "sigma"), [(1.0, 0.0), (0.8, 0.6)])
@every_set
def test_a_sample_depends_on_its_own_generator_only(name, alpha, sigma):
    dist = noised(name, alpha, sigma)
    x = dist.sample(50, generator(3))
    torch.manual_seed(9)
    torch.randn(7)
    assert torch.equal(dist.sample(50, generator(3)), x)
    assert torch.equal(dist.sample_labelled(50, generator(3))[0], x)
    assert not torch.equal(dist.sample(50, generator(4)), x)
    assert x.dtype == torch.float32


@pytest.mark.parametrize("name", SMOOTH)
def test_scikit_learn_computes_the_same_density(name):
    dist = plane.get(name)
    oracle = GaussianMixture(len(dist.weights))
    oracle.means_, oracle.weights_ = dist.means.numpy(), dist.weights.numpy()
    oracle.covariances_ = dist.covariances.numpy()
    oracle.precisions_cholesky_ = np.linalg.cholesky(np.linalg.inv(oracle.covariances_))
    x = dist.sample(200, generator(0)).double()
    np.testing.assert_allclose(dist.log_density(x), oracle.score_samples(x.numpy()), atol=1e-9)


@pytest.mark.parametrize("name", ["ring", "grid"])
@pytest.mark.parametrize(("alpha", "sigma"), [(1.0, 0.0), (0.9, 0.02)])
def test_of_real_points_98_9_percent_lie_within_three_sigma_of_a_mode(name, alpha, sigma):
    dist = noised(name, alpha, sigma)
    mode, distance = dist.nearest_mode(dist.sample(100_000, generator(0)))
    assert (distance <= 3).double().mean().item() == pytest.approx(1 - exp(-4.5), abs=0.0015)
    torch.testing.assert_close(
        torch.bincount(mode) / 100_000, dist.mode_weights.float(), atol=0.005, rtol=0
    )


def test_of_the_checkerboard_every_real_point_lies_in_a_square_and_its_own():
    board = plane.get("checkerboard")
    x, _ = board.sample_labelled(5000, generator(0))
    mode, distance = board.nearest_mode(x)
    assert (distance <= 3 + 1e-6).all()
    assert ((x - board.modes[mode]).abs().amax(1) <= board.side / 2 + 1e-6).all()
    beside = torch.tensor([[0.51 * board.side, 0.0], [0.49 * board.side, 0.49 * board.side]])
    distance = board.nearest_mode(board.modes[0] - beside)[1]
    assert distance.tolist() == pytest.approx([3 * 1.02, 3 * 0.98], rel=1e-5)


@pytest.mark.parametrize(
    ("name", "classes", "modes"),
    [
        ("gaussians", 2, 2),
        ("ring", 8, 8),
        ("grid", 25, 25),
        ("moons", 2, 0),
        ("spiral", 2, 0),
        ("pinwheel", 5, 0),
        ("circles", 2, 0),
        ("checkerboard", 2, 8),
        (DRAWING, 2, 0),
    ],
)
def test_each_set_has_the_classes_and_modes_that_its_name_promises(name, classes, modes):
    dist = plane.get(name)
    assert dist.classes == classes
    assert (0 if dist.modes is None else len(dist.modes)) == modes


def test_ring_and_grid_are_the_classic_ones_after_scaling():
    ring, grid = plane.get("ring"), plane.get("grid")
    radius = ring.modes.norm(dim=1)
    torch.testing.assert_close(radius / ring.mode_scale, torch.full((8,), 20.0))
    gaps = torch.pdist(grid.modes)
    assert gaps.min().item() / grid.mode_scale == pytest.approx(20, rel=1e-4)


def test_components_of_unequal_weight_and_shape_in_any_order_of_classes():
    means = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])
    covariances = torch.stack([s * torch.eye(2) for s in (0.1, 0.2, 0.3)])
    dist = Mixture(means, covariances, torch.tensor([1.0, 2.0, 5.0]), torch.tensor([1, 0, 1]))
    x, label = dist.sample_labelled(40_000, generator(0))
    assert (label == 0).double().mean().item() == pytest.approx(0.25, abs=0.01)
    assert x[label == 0].mean(0).tolist() == pytest.approx([-1, 0], abs=0.02)
    assert chi_square_p(x, dist, np.linspace(-3, 3, 13)) > 1e-4


def test_a_class_without_components_is_refused():
    with pytest.raises(ValueError, match="groups must use every number"):
        Mixture(torch.zeros(2, 2), torch.eye(2).expand(2, 2, 2), groups=torch.tensor([0, 2]))


@pytest.mark.parametrize(
    "name", ["mars", "", None, [], "drawn:", "drawn:AA", "drawn:A$A", "drawn:AAA..AAA"]
)
def test_an_unknown_set_is_refused_by_name(name):
    with pytest.raises(ValueError, match=r"dataset must be .* Got .* instead\."):
        plane.check(name)


@every_set
def test_of_few_points_samples_repeat_those_and_the_truth_stays_the_whole(name):
    few, whole = plane.get(plane.few(name, 30, 7)), plane.get(name)
    x, label = few.sample_labelled(3000, generator(1))
    known, classes = few.known
    rows = torch.cdist(x, known).argmin(1)
    assert torch.equal(x, known[rows])
    assert torch.equal(label, few.groups[classes[rows]])
    assert len(set(rows.tolist())) == 30, "all of them come"
    assert torch.equal(few.log_density(x), whole.log_density(x))
    assert len(few.noised(1.0, 0.1).sample(100, generator(2)).unique(dim=0)) == 100
    assert whole.known is None
    assert torch.equal(known, plane.get(plane.few(name, 30, 7)).known[0])


@pytest.mark.parametrize(
    "wrong", ["few:", "few:0:1:ring", "few:5:1:", "few:a:1:ring", "few:5:-1:ring"]
)
def test_few_of_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        plane.get(wrong)
