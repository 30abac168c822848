"""The order of n-gram and network by the size of the text: what was recorded, and its words."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from explorer.concepts.text import record
from explorer.concepts.text.config import Config
from explorer.concepts.text.dataset_size import (
    DatasetSizeConfig,
    DatasetSizeSnapshot,
    network_bits,
    ngram_bits,
    part,
)
from explorer.concepts.text.dataset_size_scene import dataset_size_scene
from explorer.concepts.text.record import Record, order, read, recorded, shipped, write
from explorer.scene import Curve

BASE = Config(networks=("lstm",), hidden=16, steps=20)
NAMES, NGRAM = np.array([1000, 2000, 4000]), np.array([3.2, 3.0, 2.9])


def record_of(same, share):
    """A record with these gaps between network and n-gram, one row for each seed."""
    return Record(NAMES, NGRAM, NGRAM + np.array(same), NGRAM + np.array(share))


ALWAYS = [[-0.1, -0.1, -0.05]] * 3


def test_a_record_is_read_as_it_was_written_and_stays_so(tmp_path):
    one = record_of([[0.3, 0.1, -0.1]] * 3, ALWAYS)
    write(one, tmp_path / "new" / "sizes.npz")
    other = read(tmp_path / "new" / "sizes.npz")
    for name, array in asdict(one).items():
        np.testing.assert_array_equal(array, getattr(other, name))
    with pytest.raises(ValueError, match="read-only"):
        other.equal_time[0, 0] = 0


@pytest.mark.parametrize(
    ("same", "words"),
    [
        ([[0.3, 0.1, -0.1]] * 3, "the n-gram is better with 1,000 to 2,000; the LSTM is better "
         "with 4,000 names: the crossover is near 2,828 names (2,828 to 2,828 by seed)"),
        ([[0.3, -0.1, 0.0], [0.1, -0.1, 0.1], [0.1, -0.3, -0.1]], "the n-gram is better with "
         "1,000; the LSTM is better with 2,000; they are level, within 0.01 bits or by seed, with "
         "4,000 names: the crossover is near 1,414 names (1,189 to 1,682 by seed)"),
        ([[0.3, 0.2, 0.1]] * 3, "the n-gram is better with 1,000 to 4,000 names: there is no "
         "crossover"),
        (ALWAYS, "the LSTM is better with 1,000 to 4,000 names: there is no crossover"),
        ([[-0.1, -0.1, 0.1]] * 3, "the LSTM is better with 1,000 to 2,000; the n-gram is better "
         "with 4,000 names"),
    ],
)  # fmt: skip
def test_the_summary_of_a_record_is_counted_from_its_table(same, words):
    found = record_of(same, [[0.3, 0.2, 0.1]] * 3)
    assert words in order(found, found.equal_time)
    assert (
        "the n-gram is better with 1,000 to 4,000 names: there is no crossover"
        in recorded("proportional_time", found)["order"]
    )


def test_the_shipped_record_counts_the_names_as_they_are_counted_now():
    found, corpus = shipped(), BASE.corpus
    assert found.equal_time.shape == found.proportional_time.shape == (3, len(record.PARTS))
    np.testing.assert_array_equal(found.equal_time[:, -1], found.proportional_time[:, -1])
    for at, share in enumerate(record.PARTS):
        own = part(corpus, share)
        assert found.names[at] == int((own.train == 0).sum())
        assert found.ngram[at] == pytest.approx(ngram_bits(DatasetSizeConfig(BASE), own), abs=1e-9)


def test_time_by_size_is_the_share_of_the_time_of_the_whole():
    own = part(BASE.corpus, 1 / 4)
    half = network_bits(DatasetSizeConfig(BASE, proportional=True), own, 1 / 2)
    assert half == network_bits(DatasetSizeConfig(replace(BASE, steps=10)), own, 1)
    assert half != network_bits(DatasetSizeConfig(BASE), own, 1 / 2)


def test_the_record_stands_beside_the_run_only_where_it_is_of_the_same_text():
    limits, none = np.array([50.0, 2e4, 2.0, 5.0]), np.empty((0, 3))
    for dataset, count in (("names", 2), ("moby", 1)):
        config = DatasetSizeConfig(replace(BASE, dataset=dataset))
        panels = dataset_size_scene(
            DatasetSizeSnapshot(0, config, none, limits, float("nan"))
        ).panels
        assert len(panels) == count
    beside = dataset_size_scene(
        DatasetSizeSnapshot(0, DatasetSizeConfig(BASE), none, limits, 0.0)
    ).panels[1]
    curves = [m for m in beside.marks if isinstance(m, Curve) and m.band is not None]
    for curve, bits in zip(
        curves, (shipped().equal_time, shipped().proportional_time), strict=True
    ):
        np.testing.assert_allclose(
            curve.band,
            np.stack([bits.min(0), bits.max(0)], 1) - shipped().ngram[:, None],
            atol=1e-6,
        )
