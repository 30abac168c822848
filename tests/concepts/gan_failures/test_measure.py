"""The figures of a diagnosis are those of the networks that they were taken from."""

import numpy as np
import pytest
import torch
from torch.nn.functional import softplus

from explorer.concepts.gan_failures.config import FAILURES
from explorer.concepts.gan_failures.measure import FIGURES, Evaluation
from explorer.concepts.gan_failures.model import RemediedGAN
from explorer.concepts.shared.adversarial.losses import LOSSES


def figure(figures, name):
    return figures[:, FIGURES.index(name)]


def test_both_losses_are_measured_with_real_and_fake_in_their_places():
    """They were swapped once for the generator: for D(real) = 3, D(fake) = -3 it said 0.05."""
    gan = RemediedGAN(FAILURES["collapse"], [0, 1])
    evaluation = Evaluation(gan)
    real = evaluation.real
    gan.outputs = lambda x: torch.full(x.shape[:2], 3.0 if x is real else -3.0)
    figures = evaluation.take()[3]
    three = softplus(torch.tensor(3.0)).item()
    assert three == pytest.approx(3.05, abs=0.01)
    np.testing.assert_allclose(figure(figures, "g_loss"), three, rtol=1e-6)
    np.testing.assert_allclose(figure(figures, "d_loss"), 2 * (three - 3), rtol=1e-4)
    np.testing.assert_array_equal(figure(figures, "pair_accuracy"), 1)


def test_real_and_fake_cannot_be_swapped_unseen():
    one = torch.zeros(1)
    for loss in LOSSES.values():
        for function in (loss.discriminator, loss.discriminator_gradients, loss.generator,
                         loss.generator_gradient):  # fmt: skip
            with pytest.raises(TypeError, match="positional"):
                function(one, one)


def test_a_diverged_seed_is_reported_and_does_not_touch_the_others():
    gan = RemediedGAN(FAILURES["collapse"], [0, 1])
    gan.generator.weights[0].data[0] = float("nan")
    evaluation = Evaluation(gan)
    fake, _, _, figures = evaluation.take()
    assert evaluation.alive.tolist() == [False, True]
    assert torch.isfinite(fake).all()
    assert np.isfinite(figures[1]).all()
