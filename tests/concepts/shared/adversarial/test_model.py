"""One training step: what each update changes, which penalty it pays, one network or several."""

from dataclasses import replace

import pytest
import torch

from explorer.concepts.shared.adversarial.config import REGULARISERS, Settings
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.measure import coverage, output_scale, plane_reference
from explorer.concepts.shared.adversarial.model import GAN
from explorer.nets import generator
from explorer.truth.distances import mode_coverage

SHORT = Settings(steps=40, batch=64, hidden=16, d_hidden=16)
every_loss = pytest.mark.parametrize("loss", LOSSES)
every_regulariser = pytest.mark.parametrize("regulariser", REGULARISERS)


def batch(gan):
    return gan.real.next(), gan.noise.next()


def loss_of_discriminator(gan, real, fake):
    with torch.no_grad():
        outputs = {"real": gan.discriminator(real)[:, 0], "fake": gan.discriminator(fake)[:, 0]}
        return gan.loss.discriminator(**outputs).mean().item()


@every_loss
def test_an_update_of_the_discriminator_lowers_its_loss_on_the_same_batch(loss):
    gan = GAN(replace(SHORT, loss=loss, regulariser="none", learning_rate=1e-4))
    real, z = batch(gan)
    with torch.no_grad():
        fake = gan.generator(z)
        before = loss_of_discriminator(gan, real, fake)
        gan.discriminator_update(real, fake)
    assert loss_of_discriminator(gan, real, fake) < before


@every_loss
def test_an_update_of_the_generator_raises_d_at_its_samples(loss):
    gan = GAN(replace(SHORT, loss=loss, learning_rate=1e-3))
    for _ in range(5):
        gan.train_step()
    real, z = batch(gan)
    with torch.no_grad():
        acts = gan.generator.activations(z)
        before = gan.discriminator(acts[-1]).mean().item()
        gan.generator_update(acts, real)
        assert gan.discriminator(gan.generator(z)).mean().item() > before


@every_regulariser
def test_an_update_changes_one_network_only(regulariser):
    gan = GAN(replace(SHORT, regulariser=regulariser))
    real, z = batch(gan)
    own, other = gan.discriminator_adam.flat.value, gan.generator_adam.flat.value
    kept = other.clone()
    with torch.no_grad():
        acts = gan.generator.activations(z)
        gan.discriminator_update(real, acts[-1])
        assert torch.equal(other, kept)
        kept = own.clone()
        gan.generator_update(acts, real)
    assert torch.equal(own, kept)


def gradient_norms(regulariser, loss="nonsaturating", gamma=20.0):
    """Of D at real and at fake samples, after it alone was trained."""
    gan = GAN(replace(SHORT, regulariser=regulariser, loss=loss, gamma=gamma))
    with torch.no_grad():
        for _ in range(150):
            real, z = batch(gan)
            gan.discriminator_update(real, gan.generator(z))
        norms = []
        for x in (real, gan.generator(z)):
            acts = gan.discriminator.activations(x)
            g = gan.discriminator.input_gradient(acts, torch.ones_like(acts[-1]))[1]
            norms.append(g.norm(dim=1).mean().item())
    return norms


def squares(discriminator, x):
    """The mean square of D's gradient at x, in a form that autograd can follow."""
    x = x.clone().requires_grad_()
    (g,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return g.square().sum(dim=1).mean()


@pytest.mark.parametrize(
    ("regulariser", "at_real", "at_fake"), [("r1", 1, 0), ("r2", 0, 1), ("r1r2", 1, 1)]
)
def test_r1_is_paid_on_real_samples_and_r2_on_fake_ones(regulariser, at_real, at_fake):
    gan = GAN(replace(SHORT, regulariser=regulariser, gamma=3.0))
    real, z = batch(gan)
    own, fake = gan.discriminator, 2 * z
    penalty = 3.0 / 2 * (at_real * squares(own, real) + at_fake * squares(own, fake))
    expected = torch.autograd.grad(penalty, list(own.parameters()), allow_unused=True)
    with torch.no_grad():
        acts = own.activations(torch.cat([real, fake]))
        own.backward(acts, torch.zeros_like(acts[-1]))
        gan.penalise(acts, real, fake)
    for p, g in zip(own.parameters(), expected, strict=True):
        torch.testing.assert_close(p.grad, torch.zeros_like(p) if g is None else g)


def test_r1_flattens_the_discriminator():
    assert gradient_norms("r1")[0] < 0.5 * gradient_norms("none")[0]


def test_the_gradient_penalty_brings_the_norm_of_the_critics_gradient_to_one():
    real, fake = gradient_norms("r1", "wasserstein")
    assert (real + fake) / 2 == pytest.approx(1, abs=0.15)


def test_a_lazy_penalty_is_paid_every_so_often_and_in_full():
    lazy, always = (GAN(replace(SHORT, gamma=5.0, lazy_interval=n)) for n in (4, 1))
    real, z = batch(lazy)
    with torch.no_grad():
        fake = lazy.generator(z)
        acts = lazy.discriminator.activations(torch.cat([real, fake]))
        gradients = []
        for gan in (lazy, always):
            gan.discriminator.backward(acts, torch.zeros_like(acts[-1]))
            gan.penalise(acts, real, fake)
            gradients.append(gan.discriminator_adam.flat.grad.clone())
    torch.testing.assert_close(gradients[0], 4 * gradients[1])
    paid = []
    lazy.penalise = lambda *batch: paid.append(lazy.d_step)  # counts, in place of paying
    for _ in range(9):
        lazy.train_step()
    assert paid == [0, 4, 8]


def test_learning_rates_decay_to_zero_and_keep_their_ratio():
    gan = GAN(replace(SHORT, steps=20))
    for _ in range(20):
        gan.train_step()
    assert gan.generator_adam.rate < 0.01 * SHORT.learning_rate
    assert gan.discriminator_adam.rate == pytest.approx(SHORT.d_lr_ratio * gan.generator_adam.rate)


@pytest.mark.parametrize("regulariser", ["r1", "spectral"])
def test_training_taken_up_again_is_the_training_that_was_left(regulariser):
    settings = replace(SHORT, regulariser=regulariser)
    gan = GAN(settings)
    for _ in range(10):
        gan.train_step()
    again = GAN(settings)
    again.restore(gan.checkpoint())
    real, z = batch(gan)
    with torch.no_grad():
        for each in (gan, again):
            each.set_learning_rates()
            acts = each.generator.activations(z)
            each.discriminator_update(real, acts[-1])
            each.generator_update(acts, real)
    for name in ("discriminator_adam", "generator_adam"):
        torch.testing.assert_close(getattr(again, name).flat.value, getattr(gan, name).flat.value)
    torch.testing.assert_close(again.average.value, gan.average.value)


SETTINGS = {
    "r1": Settings(fourier_features=3),
    "both": Settings(loss="relativistic", regulariser="r1r2", input_scale=2.0),
    "gp": Settings(loss="wasserstein", d_updates=2),
    "lazy": Settings(regulariser="r2", lazy_interval=3, batch=32),
    "spectral": Settings(regulariser="spectral", loss="hinge"),
    "images": Settings(dataset="digits", batch=64),
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_seed_among_several_computes_what_it_computes_alone(settings):
    several, alone = GAN(settings, range(3)), GAN(replace(settings, seed=2))
    for _ in range(4):
        several.train_step()
        alone.train_step()
    for name in ("generator", "discriminator"):
        for ours, theirs in zip(getattr(several, name).weights, getattr(alone, name).weights):
            torch.testing.assert_close(ours[2], theirs, rtol=0, atol=3e-4)
    torch.testing.assert_close(several.averaged().weights[1][2], alone.averaged().weights[1])
    torch.testing.assert_close(several.evaluation_noise(5)[2], alone.evaluation_noise(5))


def test_a_relativistic_discriminator_is_centred_before_it_is_read():
    real, fake = 3 + torch.randn(2, 90, generator=generator(1)), torch.zeros(2, 90)
    loss = LOSSES["relativistic"]
    centre, spread = output_scale(loss, real, fake)
    both = torch.cat([real, fake], 1)
    mean = loss.probability((both - centre) / spread).mean(1)
    torch.testing.assert_close(mean, torch.full((2,), 0.5), atol=1e-4, rtol=0)
    again, _ = output_scale(loss, real + 3.0, fake + 3.0)  # which the loss does not feel
    torch.testing.assert_close(again, centre + 3.0)


def test_a_critic_is_read_by_its_own_spread():
    real, fake = 5 * torch.randn(2, 90, generator=generator(1)), torch.zeros(2, 90)
    loss = LOSSES["wasserstein"]
    read = [(d - c) / s for k in (1.0, 7.0) for d in [k * real]
            for c, s in [output_scale(loss, k * real, k * fake)]]  # fmt: skip
    torch.testing.assert_close(*read, atol=1e-4, rtol=1e-4)


def test_coverage_is_that_of_every_seed_by_itself():
    reference = plane_reference("ring")
    x = torch.stack([reference.dist.sample(400, generator(1)), torch.zeros(400, 2)])
    x[0, :60] = 0
    covered, share, quality = coverage(x, reference)
    for points, modes, good in zip(x, covered.sum(1).tolist(), quality.tolist()):
        exact = mode_coverage(points, reference.dist)
        assert (modes, good) == (exact.modes, pytest.approx(exact.high_quality))
    assert share[0].sum() == pytest.approx(8 * quality[0].item(), rel=1e-4)
