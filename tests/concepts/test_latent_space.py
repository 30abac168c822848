"""What one can do with a trained autoencoder, and what a run says about itself."""

from dataclasses import replace
from functools import cache
from math import log, sqrt

import numpy as np
import pytest
import torch

from explorer.concepts import latent_space as vae
from explorer.concepts.latent_space import Config, linear, pictures
from explorer.concepts.latent_space import arithmetic as sums
from explorer.concepts.latent_space.best import BEST, best_known
from explorer.concepts.latent_space.plane import ellipse, widest
from explorer.concepts.latent_space.reference import dataset, jury, principal, squeezed
from explorer.concepts.latent_space.reparameterise import MANY, compare
from explorer.concepts.latent_space.snapshot import places
from explorer.concepts.latent_space.train import weight
from explorer.concepts.latent_space.walk import bilinear, lerp, radius_quantile, slerp
from explorer.concepts.shared.vae import Posterior
from explorer.data import faces
from explorer.nets import generator
from explorer.runs import finish

TINY = Config(dataset="digits", steps=200, hidden=32, beta=0.2)


@cache
def trained(**changes):
    return finish(vae.train(replace(TINY, **changes)))


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


SHARES = torch.linspace(0, 1, 9)


@pytest.mark.parametrize("way", [lerp, slerp])
@pytest.mark.parametrize("latent", [1, 2, 16])
def test_a_way_begins_and_ends_at_the_images(way, latent):
    a, b = normal(latent), normal(latent, seed=1)
    z = way(a, b, SHARES)
    torch.testing.assert_close(z[0], a, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(z[-1], b, rtol=1e-6, atol=1e-6)


def test_the_straight_line_ends_exactly_and_halfway_is_the_mean():
    a, b = normal(8), 1e4 * normal(8, seed=1)
    z = lerp(a, b, SHARES)
    assert torch.equal(z[0], a)
    assert torch.equal(z[-1], b)
    torch.testing.assert_close(z[4], (a + b) / 2)


def test_the_arc_keeps_the_length_and_turns_evenly():
    a, b = normal(16), normal(16, seed=1)
    b *= a.norm() / b.norm()
    z = slerp(a, b, SHARES)
    torch.testing.assert_close(z.norm(dim=1), a.norm().expand(9))
    between = torch.nn.functional.cosine_similarity(z[:-1], z[1:]).acos()
    torch.testing.assert_close(between, between.mean().expand(8), rtol=1e-3, atol=1e-4)


def test_an_arc_between_codes_of_different_length_changes_length_evenly():
    a, b = normal(5), 3 * normal(5, seed=1)
    expected = a.norm() + SHARES * (b.norm() - a.norm())
    torch.testing.assert_close(slerp(a, b, SHARES).norm(dim=1), expected)


@pytest.mark.parametrize("b", [[2.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
def test_where_no_arc_is_defined_the_way_is_straight(b):
    a, b = torch.tensor([1.0, 0.0]), torch.tensor(b)
    torch.testing.assert_close(slerp(a, b, SHARES), lerp(a, b, SHARES))


def test_the_four_images_stand_in_the_corners_of_their_sheet():
    corners = normal(4, 3)
    sheet = bilinear(corners, 5)
    assert torch.equal(sheet[[0, 4, 20, 24]], corners)
    torch.testing.assert_close(sheet[12], corners.mean(0))


def test_most_codes_of_the_prior_are_as_long_as_is_said():
    for share in (0.05, 0.5, 0.95):
        assert radius_quantile(share, 2) == pytest.approx(sqrt(-2 * log(1 - share)), rel=1e-5)
    lengths = normal(100_000, 16).norm(dim=1)
    assert (lengths < radius_quantile(0.95, 16)).float().mean() == pytest.approx(0.95, abs=0.003)


def test_a_film_starts_and_ends_on_its_images():
    _, model = trained()
    stands, way = finish(vae.film(vae.Walk((2, 7), frames=10), model))
    data, known = dataset("digits"), jury("digits")
    mean, _ = model.encode(known.images[[2, 7]])
    expected = data.pixels(model.decode(mean))
    for stand, image, i in ((stands[0], expected[0], 2), (stands[-1], expected[1], 7)):
        np.testing.assert_array_equal(stand.images[0], image)
        np.testing.assert_array_equal(stand.images[1], image)
        np.testing.assert_array_equal(stand.images[2], data.pixels(known.images[i : i + 1])[0])
    assert len(stands) == 11
    assert way.strange.shape == (3, 11)


def test_round_four_images_the_film_passes_each_and_comes_back_to_where_it_began():
    """Clockwise round a sheet that has the first two on top and the last two below."""
    _, model = trained()
    stands, way = finish(vae.film(vae.Walk((1, 2, 3, 4), frames=12), model))
    mean, _ = model.encode(jury("digits").images[1:5])
    corners = dataset("digits").pixels(model.decode(mean))
    for frame, corner in ((0, 0), (3, 1), (6, 3), (9, 2), (12, 0)):
        np.testing.assert_allclose(stands[frame].images[0], corners[corner], atol=1)
    np.testing.assert_allclose(way.strip[[0, 4, 20, 24]], corners, atol=1)
    np.testing.assert_array_equal(stands[0].images, stands[-1].images)


def test_the_arithmetic_of_codes_is_linear():
    """Shifted codes have the same direction; what is added at 1 is half of what is added at 2."""
    codes, targets = normal(60, 4), (normal(60, 2, seed=1) > 0).float()
    own = torch.zeros(2)
    way, adds = sums.direction(codes, targets, own, 1)
    assert adds
    moved, _ = sums.direction(3 * codes + 5, targets, own, 1)
    torch.testing.assert_close(moved, 3 * way)
    back, adds = sums.direction(codes, targets, torch.ones(2), 1)
    assert not adds
    torch.testing.assert_close(back, -way)


def test_adding_nothing_changes_nothing_and_the_film_is_the_sum():
    _, model = trained()
    terms, result = finish(vae.add(vae.Arithmetic(4, "7"), model))
    data, x = dataset("digits"), jury("digits").images[4:5]
    means, _ = model.encode(data.train)
    own, seven = (torch.tensor(means[data.train_labels == i]).mean(0) for i in (4, 7))
    start, _ = model.encode(x)
    for i in (0, 10, 30, 40):
        z = torch.tensor(start) + float(result.share[i]) * (seven - own)
        np.testing.assert_allclose(terms[i].image, data.pixels(model.decode(z)), atol=1)
    assert result.share[10] == pytest.approx(0, abs=1e-6)


def test_the_judge_scores_real_images_without_zero_and_with_one():
    judge, right = sums.linear_judge("digits")
    names, targets = sums.known("digits")
    scores = judge(dataset("digits").train)
    for i in range(len(names)):
        has = targets[:, i] > 0
        assert scores[has, i].mean().item() == pytest.approx(1, abs=1e-3)
        assert scores[~has, i].mean().item() == pytest.approx(0, abs=1e-3)
    assert min(right) > 0.8


def test_the_true_picture_of_a_changed_face_differs_only_where_the_attribute_is():
    x, attributes = sums.choices("faces")
    glasses = [sums.counterfactual(sums.Arithmetic(i, "glasses")) for i in range(4)]
    for i, face in enumerate(glasses):
        gap = (face - x[i : i + 1]).abs().reshape(faces.SHAPE).sum(2)
        assert gap.any()
        assert not gap[:4].any(), "the top of the head has no glasses"
        assert not gap[-3:].any(), "nor have the clothes"
    assert attributes.shape == (10, 5)


def test_an_attribute_is_added_where_it_is_missing_and_else_taken_away():
    _, attributes = sums.choices("faces")
    _, model = trained(dataset="faces", steps=20)
    for i in range(3):
        _, result = finish(vae.add(vae.Arithmetic(i, "hat"), model))
        assert result.adds == (attributes[i, 1] == 0)
        assert result.error is not None


def test_both_ways_to_the_gradient_are_right_on_average():
    _, model = trained()
    x = jury("digits").images[:1]
    mean, log_variance = model.vae.encode(x)
    q = Posterior(mean + 1, log_variance * 0 - 2)  # off the mark: there is something to learn
    units = torch.tensor([0, 1])
    scatters = [
        compare(model.vae, x, q, units, 1.0, np.zeros((1, 8, 8), np.uint8), generator(seed))
        for seed in range(60)
    ]
    through, scored = (
        np.concatenate([getattr(each, name) for each in scatters])
        for name in ("pathwise", "scored")
    )
    error = scored.std(0) / sqrt(60 * MANY) + through.std(0) / sqrt(60 * MANY)
    assert (abs(through.mean(0) - scored.mean(0)) < 4 * error).all()
    assert (abs(through.mean(0)) > 10 * error).any()
    assert scored.std() > through.std()


def test_a_draw_in_slow_motion_does_what_it_says():
    _, model = trained()
    moments, scatter = finish(vae.slow(vae.Slow(3), model))
    for moment in moments:
        expected = scatter.mean + scatter.deviation * moment.noise
        np.testing.assert_allclose(moment.code, expected, rtol=1e-5, atol=1e-6)
    assert [m.stage for m in moments][:4] == ["image", "posterior", "noise", "code"]
    assert all(vae.slow_scene(moment).sentence for moment in moments)


@pytest.mark.parametrize("name", vae.DATASETS)
@pytest.mark.parametrize("latent", [1, 2, 5])
def test_images_go_to_codes_and_codes_to_images(name, latent):
    _, model = trained(dataset=name, latent=latent, steps=2)
    x, dim = dataset(name).test[:7], dataset(name).test.shape[1]
    mean, deviation = model.encode(x)
    assert mean.shape == deviation.shape == (7, latent)
    assert (deviation > 0).all()
    assert model.decode(mean).shape == (7, dim)
    assert model.sample(3, seed=1).shape == (3, dim)
    assert model.sheet(4).shape == (4, 4, *dataset(name).shape)
    codes, classes, names = model.codes()
    assert len(codes) == len(classes)
    assert classes.max() < len(names)


PROCESSES = {
    "walk": (vae.film, vae.Walk(), vae.walk_scene),
    "sum": (vae.add, vae.Arithmetic(1, "3"), vae.arithmetic_scene),
    "slow": (vae.slow, vae.Slow(), vae.slow_scene),
}


@pytest.mark.parametrize("name", PROCESSES)
def test_what_is_done_with_a_model_is_the_same_each_time_and_nothing_jumps(name):
    process, config, picture = PROCESSES[name]
    _, model = trained()
    one, other = (
        [picture(moment) for moment in finish(process(config, model))[0]] for _ in range(2)
    )
    for first, second in zip(one, other, strict=True):
        assert first.sentence == second.sentence
        for a, b in zip(first.panels, second.panels, strict=True):
            for mark, twin in zip(a.marks, b.marks, strict=True):
                for field in ("xy", "pixels", "values"):
                    x, y = getattr(mark, field, None), getattr(twin, field, None)
                    assert x is y is None or np.array_equal(x, y, equal_nan=True)
    assert len({tuple((p.title, p.xlim, p.ylim, p.span) for p in s.panels) for s in one}) == 1
    assert all(reading.floor is not None for scene in one for reading in scene.readings)


def test_the_map_of_two_units_shows_them_as_they_are():
    assert torch.equal(widest(normal(20, 2)).basis, torch.eye(2))


def test_the_map_of_many_units_shows_the_two_widest_directions():
    codes = normal(500, 6) * torch.tensor([0.1, 3.0, 0.1, 0.1, 2.0, 0.1])
    plane = widest(codes)
    torch.testing.assert_close(plane.basis @ plane.basis.T, torch.eye(2), atol=1e-5, rtol=0)
    assert plane.basis[:, [1, 4]].norm() == pytest.approx(sqrt(2), abs=0.02)
    again = widest(codes + 0.01 * normal(500, 6, seed=1), plane)
    assert (again.basis - plane.basis).abs().max() < 0.05, "a film of maps does not jump"
    xy = normal(9, 2)
    torch.testing.assert_close(plane.onto(plane.codes(xy)), xy)


def test_a_spread_on_the_map_is_that_of_the_codes_seen_there():
    plane, variance = widest(normal(50, 4)), torch.tensor([[0.5, 1.0, 2.0, 0.1]])
    seen = plane.onto(normal(200_000, 4, seed=1) * variance.sqrt())
    torch.testing.assert_close(torch.cov(seen.T), plane.spread(variance)[0], atol=0.02, rtol=0)


def test_the_decoded_square_is_read_like_a_page_and_lies_on_the_map_as_drawn():
    square = places(2).reshape(6, 6, 2)
    assert (square[0, :, 1] == square[..., 1].max()).all(), "the top row is the top of the map"
    assert (square[:, 0, 0] == square[..., 0].min()).all()
    assert (places(1)[1:, 0] > places(1)[:-1, 0]).all()


def test_an_ellipse_lies_its_deviations_from_the_centre():
    covariance, centre = np.array([[2.0, 0.8], [0.8, 1.0]]), np.array([1.0, -1.0])
    off = ellipse(centre, covariance, 2.0) - centre
    np.testing.assert_allclose(
        np.sqrt((off @ np.linalg.inv(covariance) * off).sum(1)), 2, rtol=1e-4
    )


@pytest.mark.parametrize("name", vae.DATASETS)
def test_the_jury_is_like_the_whole_test_set(name):
    known, test = jury(name), dataset(name).test
    gap = (known.images.mean(0) - test.mean(0)).norm() / test.std(0).norm()
    assert gap < 0.1
    assert len(known.images) <= len(test)


def test_pca_loses_less_with_every_direction_and_nothing_beats_it_along_straight_lines():
    x = dataset("digits").train
    mean, directions = principal("digits")
    torch.testing.assert_close(directions.T @ directions, torch.eye(32), atol=1e-4, rtol=0)
    lost = [(squeezed("digits", x, k) - x).square().sum().item() for k in (1, 2, 8, 32)]
    assert lost == sorted(lost, reverse=True)
    off = x - mean
    other, _ = torch.linalg.qr(normal(64, 8))
    assert lost[2] < (off - off @ other @ other.T).square().sum()


def test_the_best_known_grows_with_the_size_of_the_code():
    assert set(BEST) == set(vae.DATASETS) - {linear.NAME}
    for name in BEST:
        values = [best_known(name, latent) for latent in range(1, 33)]
        assert values == sorted(values)
        assert values[0] > jury(name).empty


def test_a_strong_kl_silences_every_unit_and_the_page_says_so():
    snapshots, _ = trained(beta=16.0, warmup=0.0, latent=4, steps=400)
    last = snapshots[-1]
    assert last.active == 0
    assert last.elbo == pytest.approx(last.jury.empty, abs=0.3)
    assert "Collapse" in vae.scene(last).sentence


def test_the_kl_weighs_more_and_more_until_the_warm_up_is_over():
    config = replace(TINY, steps=100, warmup=0.5, beta=2.0)
    assert [weight(config, step) for step in (1, 25, 50, 100)] == [0.04, 1.0, 2.0, 2.0]
    assert weight(replace(config, warmup=0.0), 1) == 2.0


def test_the_whole_test_set_judges_the_last_frame():
    (first, last), model = finish(vae.train(Config(steps=1)))
    assert (first.judged, last.judged) == (256, 1000)
    assert last.elbo == pytest.approx(model.elbo(), rel=1e-5)


def test_training_raises_the_bound():
    snapshots, _ = trained(steps=300, beta=1.0)
    assert snapshots[-1].elbo > snapshots[0].elbo + 5
    assert snapshots[-1].judged == len(dataset("digits").test)


def test_a_run_that_overflows_says_what_to_do():
    with pytest.raises(FloatingPointError, match="Lower the learning rate"):
        finish(vae.train(replace(TINY, rate=10.0, steps=200)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: vae.Walk((1, 2, 3)), "images must be two or four"),
        (lambda: vae.Walk((1, 99)), "images must be numbers from 0 to 9"),
        (lambda: vae.Walk(frames=0), "frames must be between 1 and 400"),
        (lambda: vae.Arithmetic(image=-1), "image must be a number"),
        (lambda: vae.Slow(image=10), "image must be a number"),
    ],
)
def test_impossible_requests_are_refused_by_name(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("name", vae.DATASETS)
def test_the_stored_pictures_are_those_of_the_data(name):
    assert pictures.datasets()[name].tobytes() == pictures.montage(name).tobytes()
