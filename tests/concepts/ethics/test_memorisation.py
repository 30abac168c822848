"""What counts as a copy, and what both models are trained on."""

import torch

from explorer.concepts.ethics.memorisation import MemorisationConfig, copies, train_two
from explorer.data import images
from explorer.nets import generator
from explorer.runs import finish


def test_a_copy_is_three_times_nearer_to_one_training_image_than_to_any_other():
    training = torch.tensor([[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]])
    samples = torch.tensor([[0.2, 0.0], [0.3, 0.0], [4.9, 5.0]])
    copied, at = copies(samples, training)
    assert copied.tolist() == [True, False, True]  # 0.2 / 0.8, 0.3 / 0.7, 0.1 / 6.2
    assert at.tolist() == [0, 0, 2]


def test_no_held_out_digit_is_a_copy_of_a_training_image():
    data = images.load("digits")
    assert copies(data.test, data.train[:700])[0].double().mean() < 0.01


def test_before_training_both_models_agree_on_blurred_noise_and_copy_nothing():
    snapshots, model = finish(train_two(MemorisationConfig(16, steps=1)))
    assert snapshots[0].similarity > 0.9  # of the same noise
    assert abs(snapshots[0].apart) < 0.5
    assert snapshots[0].copies < 0.05
    noise = torch.randn(4, 64, generator=generator(0))
    assert model.sample(4).shape == noise.shape
