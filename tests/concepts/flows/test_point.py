"""The change of variables, term by term."""

from math import exp

import pytest
import torch

from explorer.concepts import flows
from explorer.concepts.flows.point import CORNERS, PointConfig, area, point_scene
from explorer.data import plane
from explorer.runs import finish
from tests.concepts.flows.untrained import model_of, sound

KINDS = ("spline", "affine", "zuko")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [(-0.5, 0.9), (2.0, 2.0)])
def test_the_terms_of_a_point_add_up_to_its_log_density(kind, at):
    model = model_of(kind)
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
        grown = abs(right[0] * up[1] - right[1] * up[0]) * ((CORNERS - 1) / 2) ** 2
        assert grown == pytest.approx(exp(frame.log_det), rel=0.01)
        assert area(frame.square) == pytest.approx(exp(frame.log_det), rel=0.03)
        sound(point_scene(frame))
