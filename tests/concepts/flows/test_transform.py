"""Layer by layer, in both directions, with an exact density at every place."""

import numpy as np
import pytest
import torch

from explorer.concepts import flows
from explorer.concepts.flows.transform import (
    TransformConfig,
    before,
    from_data,
    from_noise,
    log_density,
    places,
)
from explorer.concepts.flows.transform_scene import transform_scene
from explorer.concepts.shared.plane_view import NOISE_VIEW
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.plane import integral
from tests.concepts.flows.untrained import model_of, sound

KINDS = ("spline", "affine", "zuko")


@pytest.mark.parametrize("kind", KINDS)
@torch.no_grad()
def test_there_and_back_pass_the_same_stops(kind):
    flow = model_of(kind).flow
    passage = from_data(flow, plane.get("moons").sample(200, generator(0)))
    back = from_noise(flow, passage.stops[-1])
    torch.testing.assert_close(back.stops, passage.stops, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(back.log_dets, passage.log_dets, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("kind", ["spline", "affine"])
@torch.no_grad()
def test_halfway_through_a_layer_points_are_found_back_and_mass_is_one(kind):
    flow, x = model_of(kind).flow, torch.randn(100, 2, generator=generator(1))
    layer = flow.layers[1]
    y = torch.lerp(x, layer(x).x, 0.4)
    torch.testing.assert_close(before(layer, y, 0.4), x, atol=1e-5, rtol=1e-4)
    for number, share in ((0, 0.0), (1, 0.4), (2, 1.0)):
        mass = integral(lambda u, n=number, s=share: log_density(flow, u, n, s).exp(), n=120)
        assert mass.value == pytest.approx(1, abs=0.01)


def test_before_all_layers_the_density_is_the_models_and_after_them_noise():
    model, x = model_of(), torch.randn(60, 2, generator=generator(2))
    with torch.no_grad():
        torch.testing.assert_close(log_density(model.flow, x, 0, 0.0), model.log_density(x))
        after = log_density(model.flow, x, len(model.flow.layers) - 1, 1.0)
    torch.testing.assert_close(after, -0.5 * (x * x).sum(1) - np.log(2 * np.pi))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("direction", ["inverse", "forward"])
def test_every_place_is_a_valid_picture_and_the_last_one_the_end(kind, direction):
    frames, _ = finish(flows.transform(TransformConfig(direction), model_of(kind)))
    assert [frame.step for frame in frames] == list(range(len(places(model_of(kind).flow))))
    assert [frame.ended for frame in frames] == [False] * (len(frames) - 1) + [True]
    assert not frames[0].passed.any()
    assert frames[-1].passed.all()
    for frame in (frames[0], frames[-1]):
        sound(transform_scene(frame))
    cell = ((NOISE_VIEW[1] - NOISE_VIEW[0]) / frames[0].density.shape[0]) ** 2
    for frame in frames:
        assert frame.density.sum() * cell == pytest.approx(1, abs=0.05)


def test_images_pass_through_the_layers_too():
    model = model_of("spline", "digits")
    for direction in ("inverse", "forward"):
        frames, _ = finish(flows.transform(TransformConfig(direction), model))
        assert np.array_equal(frames[0].start, frames[0].now)
        assert not np.array_equal(frames[0].now, frames[-1].now)
        sound(transform_scene(frames[-1]))
