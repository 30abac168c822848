"""The floor is what a perfect model scores: real samples are the perfect model."""

import numpy as np
import pytest
import torch
from scipy import stats

from explorer.concepts.diffusion.train import FINAL_SAMPLES
from explorer.data import images, plane
from explorer.nets import generator
from explorer.truth.distances import (
    energy_distance,
    frechet_distance,
    mode_coverage,
    sliced_wasserstein,
)
from explorer.truth.floors import _student, interval_of, noise_floor, reference

CHEAP = {"n": 400, "directions": 64}
DISTANCES = {
    "sliced_wasserstein": lambda x, y: sliced_wasserstein(x, y, 64),
    "energy_distance": energy_distance,
    "frechet_distance": frechet_distance,
}


def scores(metric, dist, seeds):
    rng = generator(1000)
    for _ in range(seeds):
        x = dist.sample(400, rng)
        if metric in DISTANCES:
            yield DISTANCES[metric](x, dist.sample(400, rng))
        else:
            yield getattr(mode_coverage(x, dist), metric)


@pytest.mark.parametrize("metric", [*DISTANCES, "modes", "high_quality"])
def test_real_samples_score_what_the_floor_says(metric):
    dist = plane.get("ring")
    floor = noise_floor(metric, "ring", **CHEAP)
    values = np.array(list(scores(metric, dist, 60)))
    spread = values.std() / 60**0.5 + (floor.high - floor.low) / 4 / 24**0.5
    assert abs(values.mean() - floor.mean) <= 4 * spread
    inside = ((values >= floor.low - 1e-9) & (values <= floor.high + 1e-9)).mean()
    assert inside >= 0.9  # 99 % but for the noise of 60 draws and of the floor itself


def test_a_wrong_model_lies_above_the_floor():
    floor = noise_floor("sliced_wasserstein", "ring", **CHEAP)
    x = 1.1 * plane.get("ring").sample(400, generator(0))
    lost = plane.get("ring").given(0).sample(400, generator(0))
    real = plane.get("ring").sample(400, generator(1))
    assert sliced_wasserstein(lost, real, 64) > 5 * floor.high
    assert sliced_wasserstein(x, real, 64) > floor.mean


def test_the_floor_of_a_distance_falls_as_the_root_of_the_number_of_samples():
    few, many = (
        noise_floor("sliced_wasserstein", "moons", n, directions=64).mean for n in (200, 3200)
    )
    assert few / many == pytest.approx(4, rel=0.2)


def test_more_reference_samples_lower_the_floor():
    both = noise_floor("sliced_wasserstein", "moons", 300, directions=64).mean
    one = noise_floor("sliced_wasserstein", "moons", 300, reference=3000, directions=64).mean
    assert one < both


def test_high_quality_of_a_perfect_model_is_98_9_percent():
    floor = noise_floor("high_quality", "grid", 2000)
    assert floor.mean == pytest.approx(0.989, abs=0.002)
    assert floor.low < 0.989 < floor.high <= 1
    assert noise_floor("high_quality", "checkerboard", 500).interval == (1, 1)


def test_a_floor_is_computed_once_and_the_same_in_every_process():
    assert noise_floor("modes", "ring", 300) is noise_floor("modes", "ring", 300)
    first = noise_floor("energy_distance", "ring", 200)
    torch.manual_seed(5)
    noise_floor.cache_clear()
    assert noise_floor("energy_distance", "ring", 200) == first


def test_floors_exist_for_noised_and_drawn_sets():
    noisy = plane.get("ring").noised(0.5, 0.5)
    assert noise_floor("sliced_wasserstein", noisy, 300, directions=64).mean > 0
    drawing = plane.encode_strokes([[(0, 0), (1, 1)]])
    assert noise_floor("sliced_wasserstein", drawing, 300, directions=64).mean > 0


@pytest.mark.parametrize("metric", DISTANCES)
def test_the_floor_of_images_compares_two_halves_of_the_real_ones(metric):
    floor = noise_floor(metric, "digits", 300, directions=64)
    digits = images.load("digits")
    everything = torch.cat([digits.train, digits.test])
    order = torch.randperm(len(everything), generator=generator(7))
    value = DISTANCES[metric](everything[order[:300]], everything[order[300:600]])
    assert floor.low * 0.9 < value < floor.high * 1.1


def test_impossible_floors_are_refused_in_words():
    with pytest.raises(ValueError, match=r"n \+ reference must be at most 1797.*Got 2000 instead"):
        noise_floor("sliced_wasserstein", "digits", 1000)
    with pytest.raises(ValueError, match=r"metric must be one of .* Got 'beauty' instead\."):
        noise_floor("beauty", "ring", 100)
    with pytest.raises(ValueError, match="dataset must be one of"):
        noise_floor("modes", "mars", 100)


@pytest.mark.parametrize("draw", ["normal", "chi-square", "share"])
def test_the_interval_of_few_values_holds_99_percent_of_the_next_ones(draw):
    rng = np.random.default_rng(0)
    make = {
        "normal": lambda n: rng.normal(-0.3, 2, n),
        "chi-square": lambda n: rng.chisquare(4, n),  # as a squared distance in the plane
        "share": lambda n: rng.binomial(500, 0.95, n) / 500,
    }[draw]
    inside = []
    for _ in range(300):
        floor = interval_of(make(24))
        fresh = make(50)
        inside.append(np.mean((fresh >= floor.low) & (fresh <= floor.high)))
    assert 0.98 <= np.mean(inside) <= 1


def test_the_interval_of_normal_values_is_that_of_student():
    values = np.random.default_rng(0).normal(-5, 1, 12)
    floor, k = interval_of(values), len(values)
    exact = stats.t.ppf(0.995, k - 1) * values.std(ddof=1) * (1 + 1 / k) ** 0.5
    assert floor.mean == pytest.approx(values.mean())
    assert floor.high - floor.mean == pytest.approx(exact, rel=2e-3)
    assert floor.mean - floor.low == pytest.approx(exact, rel=2e-3)
    for freedom in (5, 9, 23, 200):
        assert _student(freedom) == pytest.approx(stats.t.ppf(0.995, freedom), rel=0.01)


def test_two_values_say_nothing_of_a_third():
    with pytest.raises(ValueError, match=r"values must be at least 3\. Got 2 instead\."):
        interval_of([0.1, 0.2])


@pytest.mark.parametrize("metric", ["sliced_wasserstein", "frechet_distance"])
def test_a_lost_mode_of_the_ring_is_ten_floors_away_at_10_000_points(metric):
    ring, rng = plane.get("ring"), generator(3)
    x = ring.sample(20_000, rng)
    seven = x[ring.nearest_mode(x)[0] != 0][:10_000]
    floor = noise_floor(metric, "ring", 10_000, directions=64)
    assert DISTANCES[metric](seven, ring.sample(10_000, rng)) > 10 * floor.mean
    assert mode_coverage(seven, ring).modes == 7


@pytest.mark.parametrize("name", ["ring", "moons", "checkerboard"])
@pytest.mark.parametrize("n", [200, 1000])
def test_perfect_sets_lie_inside_the_floor_of_the_reference_that_measures_them(name, n):
    """Its reference is fixed: with as few real points as it measures, only 74 of 100 did."""
    rule, rng = reference(name, n, 32), generator(77)
    values = np.array([rule.distance(plane.get(name).sample(n, rng)) for _ in range(100)])
    assert ((values >= rule.floor.low) & (values <= rule.floor.high)).sum() >= 95
    assert rule.floor.mean == pytest.approx(values.mean(), rel=0.15)


def test_the_reference_is_the_sliced_distance_from_very_many_points():
    rule = reference("ring", 1000, 64)
    moons = plane.get("moons").sample(1000, generator(0))
    many = plane.get("ring").sample(50_000, generator(1))
    assert rule.distance(moons) == pytest.approx(sliced_wasserstein(moons, many, 64), rel=0.02)


def test_the_reference_sees_a_lost_mode_of_the_ring_at_ten_floors_and_more():
    ring = plane.get("ring")
    x = ring.sample(20_000, generator(3))
    seven = x[ring.nearest_mode(x)[0] != 0]
    for n, least in ((10_000, 13), (FINAL_SAMPLES, 10)):
        rule = reference("ring", n)
        assert rule.distance(seven[:n]) > least * rule.floor.mean
