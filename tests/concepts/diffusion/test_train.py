"""Training on points: what a run promises, measured on tiny ones."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.concepts import diffusion
from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.parameterisations import PARAMETERISATIONS
from explorer.concepts.diffusion.samplers import clipped, final, pure_noise, reverse_process
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.train import SIGMA, Evaluation
from explorer.concepts.shared.finite import finite
from explorer.data import plane
from explorer.nets import generator
from explorer.runs import finish

SMALL = Config("ring", hidden=48, fourier_features=16, batch=128, steps=250)


def exact(x, s):
    """The exact denoised estimate for the ring, one noise level for each point."""
    dist = plane.get("ring")
    if not isinstance(s, torch.Tensor):
        return x + s**2 * dist.noised(1, s).score(x)
    return torch.cat([exact(a[None], float(b)) for a, b in zip(x, s)])


@pytest.fixture(scope="module")
def ring():
    return finish(diffusion.train(SMALL))


def test_a_short_run_already_finds_every_mode_of_the_ring(ring):
    snapshots, model = ring
    first, last = snapshots[0], snapshots[-1]
    assert last.scores.modes == 8
    assert last.scores.distance < first.scores.distance / 3
    assert last.score_error < 0.1 < first.score_error
    assert model.sample(100, seed=1).shape == (100, 2)


@pytest.mark.parametrize("prediction", PARAMETERISATIONS)
def test_no_network_does_better_than_the_exact_denoiser(prediction):
    """Nothing lies below the dashed line: on the same points the exact denoiser's loss is least."""
    config = replace(SMALL, prediction=prediction, schedule="karras", steps=60)
    snapshots, _ = finish(diffusion.train(config))
    best = snapshots[-1].fixed.best_loss
    assert min(snapshot.loss for snapshot in snapshots) > 0.97 * best
    assert snapshots[-1].loss < snapshots[0].loss


def test_the_learnt_score_is_compared_at_the_same_places_and_in_the_same_units(ring):
    evaluation, last = Evaluation(SMALL), ring[0][-1]
    denoised = exact(evaluation.noised, SIGMA)
    np.testing.assert_allclose(last.fixed.denoised, denoised.numpy(), atol=1e-5)
    at = torch.tensor(last.fixed.arrows_at)
    score = exact(at, SIGMA) - at
    np.testing.assert_allclose(last.fixed.exact_arrows, score.numpy(), atol=1e-5)


def test_a_loss_that_is_no_number_ends_the_run_in_a_sentence():
    assert finite(0.5, 7) == 0.5
    with pytest.raises(FloatingPointError, match=r"before step 7: .* Lower the learning rate\."):
        finite(float("nan"), 7)


def test_noise_prediction_with_the_cosine_schedule_diverges_unless_the_estimate_is_clipped():
    config = replace(SMALL, prediction="epsilon", schedule="cosine", steps=150)
    _, model = finish(diffusion.train(config))
    schedule = SCHEDULES["cosine"]

    def samples(denoise):
        x = pure_noise((200, 2), schedule, generator(0))
        return final(reverse_process(denoise, x, schedule, 30, "ddim"))

    assert samples(model.denoise).abs().mean() > 5
    assert samples(clipped(model.denoise, 3.0)).abs().mean() < 3


def test_a_drawing_can_be_learnt():
    name = plane.encode_strokes([[(-1.0, 0.0), (1.0, 0.5)]])
    snapshots, _ = finish(diffusion.train(replace(SMALL, dataset=name, steps=5)))
    assert snapshots[-1].scores.modes is None
