"""What happens with a trained flow over time: layer by layer, one point, no layers, images."""

from functools import cache
from math import exp, log2

import numpy as np
import pytest
import torch

from explorer.concepts import flows
from explorer.concepts.diffusion.network import Denoiser, PlaneNet
from explorer.concepts.diffusion.plane import PlaneModel as DenoiserModel
from explorer.concepts.flows import build, continuous, images
from explorer.concepts.flows.bend import (
    SIGHT,
    BendConfig,
    before,
    from_data,
    from_noise,
    log_density,
    moments,
)
from explorer.concepts.flows.coupling import Coupling
from explorer.concepts.flows.glide import GlideConfig
from explorer.concepts.flows.glide_scene import VIEWS
from explorer.concepts.flows.images import alone, bits_per_pixel, dequantised, levelled
from explorer.concepts.flows.plane import PlaneModel
from explorer.concepts.flows.point import CORNERS, PointConfig
from explorer.concepts.flows.point_scene import area as outlined
from explorer.data import images as sets
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.scene import Bars, Field, Mesh, Points
from explorer.truth.plane import integral

KINDS = ("spline", "affine", "zuko")


@cache
def bent(kind="spline", dataset="moons"):
    """A flow that bends, though it was never trained: what holds here holds for every flow."""
    config, rng = flows.usual(dataset, kind, layers=3, hidden=32), generator(0)
    flow = build.flow(config, 2 if dataset == "moons" else 64, rng)
    for layer in flow.layers:
        if isinstance(layer, Coupling):
            with torch.no_grad():
                for parameter in layer.says[-1].parameters():
                    parameter.copy_(0.15 * torch.randn(parameter.shape, generator=rng))
    return (PlaneModel if dataset == "moons" else images.ImageModel)(config, flow)


@cache
def velocity():
    """A denoiser that learnt nothing: whatever it believes, its density must add up to one."""
    config = continuous.training("moons", 60, 0)
    network = PlaneNet(config.hidden, config.features, generator(1))
    return DenoiserModel(config, Denoiser(network, config.objective))


def sound(scene):
    """A picture with words, and numbers in every mark."""
    assert scene.sentence
    for mark in (mark for panel in scene.panels for mark in panel.marks):
        if isinstance(mark, Points | Mesh):
            assert np.isfinite(mark.xy).all(), mark.name
        if isinstance(mark, Field | Bars):
            assert np.isfinite(mark.values).all(), mark.name


@pytest.mark.parametrize("kind", KINDS)
@torch.no_grad()
def test_there_and_back_pass_the_same_stops(kind):
    flow = bent(kind).flow
    way = from_data(flow, plane.get("moons").sample(200, generator(0)))
    back = from_noise(flow, way.stops[-1])
    torch.testing.assert_close(back.stops, way.stops, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(back.log_dets, way.log_dets, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("kind", ["spline", "affine"])
@torch.no_grad()
def test_halfway_through_a_layer_points_are_found_back_and_mass_is_one(kind):
    flow, x = bent(kind).flow, torch.randn(100, 2, generator=generator(1))
    layer = flow.layers[1]
    y = torch.lerp(x, layer(x).x, 0.4)
    torch.testing.assert_close(before(layer, y, 0.4), x, atol=1e-5, rtol=1e-4)
    for number, share in ((0, 0.0), (1, 0.4), (2, 1.0)):
        mass = integral(lambda u, n=number, s=share: log_density(flow, u, n, s).exp(), n=120)
        assert mass.value == pytest.approx(1, abs=0.01)


def test_before_all_layers_the_density_is_the_models_and_after_them_noise():
    model, x = bent(), torch.randn(60, 2, generator=generator(2))
    with torch.no_grad():
        torch.testing.assert_close(log_density(model.flow, x, 0, 0.0), model.log_density(x))
        after = log_density(model.flow, x, len(model.flow.layers) - 1, 1.0)
    torch.testing.assert_close(after, -0.5 * (x * x).sum(1) - np.log(2 * np.pi))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["data", "noise"])
def test_bending_is_a_film_of_valid_pictures_that_ends_where_it_leads(kind, way):
    frames, _ = finish(flows.bend(BendConfig(way), bent(kind)))
    assert [frame.step for frame in frames] == list(range(len(moments(bent(kind).flow))))
    assert [frame.ended for frame in frames] == [False] * (len(frames) - 1) + [True]
    assert not frames[0].terms.any()
    assert frames[-1].terms.all()
    for frame in (frames[0], frames[-1]):
        sound(flows.bend_scene(frame))
    cell = ((SIGHT[1] - SIGHT[0]) / frames[0].density.shape[0]) ** 2
    for frame in frames:
        assert frame.density.sum() * cell == pytest.approx(1, abs=0.05)


def test_images_pass_through_the_layers_too():
    model = bent("spline", "digits")
    for way in ("data", "noise"):
        frames, _ = finish(flows.bend(BendConfig(way), model))
        assert np.array_equal(frames[0].start, frames[0].now)
        assert not np.array_equal(frames[0].now, frames[-1].now)
        sound(flows.bend_scene(frames[-1]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [(-0.5, 0.9), (2.0, 2.0)])
def test_the_terms_of_a_point_add_up_to_its_log_density(kind, at):
    model = bent(kind)
    frames, _ = finish(flows.follow(PointConfig(*at), model))
    last = frames[-1]
    assert last.ended
    assert last.learnt == pytest.approx(model.log_density(torch.tensor([at])).item(), rel=1e-4)
    exact = plane.get("moons").log_density(torch.tensor([at])).item()
    assert last.exact == pytest.approx(exact)
    for frame in frames:
        middle = CORNERS // 2
        right = frame.square[middle, middle + 1] - frame.square[middle, middle - 1]
        up = frame.square[middle + 1, middle] - frame.square[middle - 1, middle]
        area = abs(right[0] * up[1] - right[1] * up[0]) * ((CORNERS - 1) / 2) ** 2
        assert area == pytest.approx(exp(frame.log_det), rel=0.01)
        assert outlined(frame.square) == pytest.approx(exp(frame.log_det), rel=0.03)
        sound(flows.point_scene(frame))


def test_the_divergence_is_that_of_finite_differences():
    v = continuous.exact(plane.get("moons"))
    x = torch.randn(50, 2, generator=generator(3)).double()
    speed, spread = continuous.with_divergence(v, x, 0.3)
    torch.testing.assert_close(speed, v(x, 0.3))
    h, known = 1e-5, torch.zeros(50).double()
    for i in (0, 1):
        step = torch.zeros(2).double()
        step[i] = h
        known += (v(x + step, 0.3) - v(x - step, 0.3))[:, i] / (2 * h)
    torch.testing.assert_close(spread, known, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(("name", "most"), [("moons", 0.01), ("gaussians", 0.01), ("ring", 0.03)])
def test_the_exact_velocity_gives_the_exact_density(name, most):
    dist = plane.get(name)
    x = dist.sample(200, generator(4))
    own = continuous.log_density(continuous.exact(dist), x, 60)
    assert (own - dist.log_density(x)).abs().mean() < most


def test_a_learnt_velocity_has_mass_one():
    model = continuous.Continuous(velocity())
    mass = integral(lambda x: model.log_density(x, 20).exp(), (-4.0, 4.0), 60)
    assert mass.value == pytest.approx(1, abs=0.01)


def test_the_velocity_is_what_the_network_answers_on_the_straight_path():
    denoiser, x, t = velocity().denoiser, torch.randn(20, 2, generator=generator(5)), 0.4
    s = torch.full((20, 1), t / (1 - t))
    with torch.no_grad():
        asked = denoiser.answer(x / (1 - t), s)
        torch.testing.assert_close(continuous.learnt(velocity())(x, t), asked, atol=1e-4, rtol=1e-4)


def test_one_step_is_straight_and_more_steps_come_nearer():
    missed = {}
    for rungs in (1, 4, 40):
        frames, _ = finish(flows.glide(GlideConfig(rungs), velocity()))
        assert len(frames) == rungs + 1
        missed[rungs] = frames[-1].missed
        if rungs == 1:
            assert frames[-1].straight == pytest.approx(1)
        for view in VIEWS:
            sound(flows.glide_scene(frames[-1], view))
    assert missed[1] > missed[4] > missed[40]


def test_a_level_is_spread_over_its_share_and_found_back():
    x = sets.load("digits").train[:50]
    u = dequantised(x, "digits", generator(6))
    assert u.min() >= 0
    assert u.max() < 1
    assert torch.equal(levelled(u, "digits"), x)


def test_bits_of_what_knows_nothing_are_those_of_17_levels():
    assert bits_per_pixel(torch.zeros(3), 64, "digits")[0].item() == pytest.approx(log2(17))
    assert 0 < alone("digits") < log2(17)


def test_the_density_of_images_counts_the_box():
    """Untrained, it is that of noise over the box of images."""
    model = images.ImageModel(flows.usual("digits"), bent("spline", "digits").flow)
    u = dequantised(model.images.test[:5], "digits", generator(7))
    own = model.flow.log_density((2 * u - 1) * images.BOX) + 64 * np.log(2 * images.BOX)
    torch.testing.assert_close(model.log_density(u), own.detach())
