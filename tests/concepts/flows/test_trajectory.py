"""Trajectories of the ODE."""

import pytest

from explorer.concepts import flows
from explorer.concepts.flows.trajectory import VIEWS, TrajectoryConfig, trajectory_scene
from explorer.runs import finish
from tests.concepts.flows.untrained import sound, velocity


def test_one_step_is_straight_and_more_steps_come_nearer():
    errors = {}
    for steps in (1, 4, 40):
        frames, _ = finish(flows.trajectory(TrajectoryConfig(steps), velocity()))
        assert len(frames) == steps + 1
        errors[steps] = frames[-1].error
        if steps == 1:
            assert frames[-1].length == pytest.approx(1)
        for view in VIEWS:
            sound(trajectory_scene(frames[-1], view))
    assert errors[1] > errors[4] > errors[40]
