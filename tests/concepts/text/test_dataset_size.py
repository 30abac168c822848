"""The size of the text: its parts, the crossover, and the sentence about it."""

import numpy as np
import pytest

from explorer.concepts.text.config import Config
from explorer.concepts.text.dataset_size import (
    PARTS,
    DatasetSizeConfig,
    DatasetSizeSnapshot,
    crossover,
    part,
)
from explorer.concepts.text.dataset_size_scene import dataset_size_scene
from explorer.data.text import OWN, load


def test_the_crossover_is_where_the_curves_cross():
    found = np.array([[100.0, 3.0, 3.4], [1000.0, 2.8, 2.9], [10_000.0, 2.6, 2.5]])
    assert crossover(found) == pytest.approx(10**3.5)
    assert crossover(found[:2]) is None


@pytest.mark.parametrize(
    ("gaps", "sentence"),
    [
        ([0.4, 0.1, 0.2], "on every part so far the n-gram is better"),
        ([0.4, 0.1, -0.2], "characters on the network is better"),
        ([-0.4, -0.1, -0.2], "on every part so far the network is better"),
        ([0.4, -0.1, 0.2], "with 1,000 characters the network is better"),
    ],
)
def test_the_sentence_about_sizes_is_what_the_curves_show(gaps, sentence):
    found = np.array([[10.0 ** (2 + i), 3.0, 3.0 + gap] for i, gap in enumerate(gaps)])
    base = Config(networks=("lstm",), steps=5)
    seen = DatasetSizeSnapshot(
        3, DatasetSizeConfig(base), found, np.array([50.0, 2e4, 2.0, 5.0]), float("nan")
    )
    assert sentence in dataset_size_scene(seen).sentence.lower()


def test_a_part_of_a_list_has_at_least_one_line_and_whole_ones():
    corpus = load(OWN + "\n".join(f"name{number}" for number in range(60)))
    for share in (1e-3, *PARTS):
        own = part(corpus, share)
        assert own.train[-1] == 0
        assert len(own.train) <= max(8, share * len(corpus.train))
