"""Training: what is hidden, when one looks, and that words learnt apart are put together."""

from itertools import pairwise

import pytest
import torch

from explorer.concepts.text_to_image.config import Config
from explorer.concepts.text_to_image.train import frame_steps, hidden_words, train
from explorer.nets import generator
from explorer.runs import finish


@pytest.mark.parametrize("steps", [1, 7, 40, 1400])
def test_frames_are_close_together_at_first_and_end_with_the_run(steps):
    frames = sorted(frame_steps(steps))
    assert (frames[0], frames[-1]) == (0, steps)
    gaps = [b - a for a, b in pairwise(frames)]
    assert gaps[0] <= gaps[-1]


def test_words_are_hidden_one_by_one_and_all_together():
    values = torch.zeros(20_000, 3, dtype=torch.int64)
    hidden = hidden_words(values, 0.1, generator(0)) < 0
    assert hidden.all(1).double().mean() == pytest.approx(0.1 + 0.9 * 0.001, abs=0.01)
    assert hidden.double().mean() == pytest.approx(1 - 0.9**2, abs=0.01)
    assert not (hidden_words(values, 0.0, generator(0)) < 0).any()


@pytest.mark.slow
def test_pairs_that_never_met_are_put_together_and_whole_captions_are_not():
    ends = []
    for encoder in ("concatenated", "caption"):
        snapshots, _ = finish(train(Config(encoder=encoder, steps=350)))
        ends.append(snapshots[-1])
    words, captions = ends
    assert words.of_seen.joint > 0.8
    assert words.of_unseen.joint > 0.6
    assert captions.of_unseen.joint < 0.15 < captions.of_seen.joint
