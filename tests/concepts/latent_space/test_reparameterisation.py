"""Laws of the reparameterisation trick."""

from math import sqrt

import numpy as np
import torch

from explorer.concepts.latent_space import (
    ReparameterisationConfig,
    reparameterisation_scene,
    step_by_step,
)
from explorer.concepts.latent_space.measure import evaluation_subset
from explorer.concepts.latent_space.reparameterisation import ESTIMATES, compare
from explorer.concepts.shared.vae import Posterior
from explorer.nets import generator
from explorer.runs import finish
from tests.concepts.latent_space.runs import trained


def test_both_gradient_estimators_are_unbiased():
    _, model = trained()
    x = evaluation_subset("digits").images[:1]
    mean, log_variance = model.vae.encode(x)
    q = Posterior(mean + 1, log_variance * 0 - 2)  # not the optimum: the gradient is not zero
    dimensions = torch.tensor([0, 1])
    estimates = [
        compare(model.vae, x, q, dimensions, 1.0, np.zeros((1, 8, 8), np.uint8), generator(seed))
        for seed in range(60)
    ]
    pathwise, scored = (
        np.concatenate([getattr(each, name) for each in estimates])
        for name in ("pathwise", "score_function")
    )
    error = scored.std(0) / sqrt(60 * ESTIMATES) + pathwise.std(0) / sqrt(60 * ESTIMATES)
    assert (abs(pathwise.mean(0) - scored.mean(0)) < 4 * error).all()
    assert (abs(pathwise.mean(0)) > 10 * error).any()
    assert scored.std() > pathwise.std()


def test_the_steps_of_a_draw_are_those_of_the_formula():
    _, model = trained()
    snapshots, estimates = finish(step_by_step(ReparameterisationConfig(3), model))
    for snapshot in snapshots:
        expected = estimates.mean + estimates.deviation * snapshot.noise
        np.testing.assert_allclose(snapshot.latent_code, expected, rtol=1e-5, atol=1e-6)
    assert [m.stage for m in snapshots][:4] == ["image", "posterior", "noise", "code"]
    assert all(reparameterisation_scene(each).sentence for each in snapshots)
