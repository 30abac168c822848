"""Training on images: what a run promises, measured on tiny ones."""

from explorer.concepts.diffusion.spaces import Latents


def test_images_come_out_as_pixels_of_the_right_shape(digits):
    snapshots, model = digits
    last = snapshots[-1]
    assert last.samples.shape == last.denoised.shape == last.nearest.shape == (20, 8, 8)
    assert snapshots[0].nearest.shape == (0, 8, 8)
    samples = model.sample(7, seed=2, guidance=2.0)
    assert samples.shape == (7, 64)
    assert samples.min() >= 0
    assert samples.max() <= 1


def test_the_class_accuracy_rises_with_training(digits):
    first, *_, last = digits[0]
    assert last.scores.accuracy > 0.4 > 0.2 > first.scores.accuracy


def test_a_denoiser_that_memorised_the_training_images_is_worse_on_held_out_ones(digits):
    last = digits[0][-1]
    assert last.memorised_loss > last.loss


def test_on_mnist_the_autoencoder_learns_first_and_then_stays_as_it_is(mnist):
    snapshots, model = mnist
    phases = [snapshot.phase for snapshot in snapshots]
    assert phases == ["autoencoder"] * 6 + ["denoiser"] * 7
    assert isinstance(model.space, Latents)
    assert {name.split(".")[0] for name in model.weights()} == {"vae", "network"}
    errors = [s.reconstruction_error for s in snapshots if s.phase == "autoencoder"]
    assert errors[-1] < errors[0]
    assert {s.reconstruction_error for s in snapshots if s.phase == "denoiser"} == {None}
