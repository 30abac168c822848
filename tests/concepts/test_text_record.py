"""The order of counting and network by the size of the text: what was recorded, and its words."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from explorer.concepts.text import record
from explorer.concepts.text.config import Config
from explorer.concepts.text.record import Record, read, shipped, told, write
from explorer.concepts.text.sizes import Sizes, SizesSnapshot, counted, part, taught
from explorer.concepts.text.sizes_scene import sizes_scene
from explorer.scene import Curve

BASE = Config(rungs=("lstm",), hidden=16, steps=20)
NAMES, COUNTED = np.array([1000, 2000, 4000]), np.array([3.2, 3.0, 2.9])


def made(same, share):
    """A record with these gaps between network and counting, one row for each seed."""
    return Record(NAMES, COUNTED, COUNTED + np.array(same), COUNTED + np.array(share))


ALWAYS = [[-0.1, -0.1, -0.05]] * 3


def test_a_record_is_read_as_it_was_written_and_stays_so(tmp_path):
    one = made([[0.3, 0.1, -0.1]] * 3, ALWAYS)
    write(one, tmp_path / "new" / "sizes.npz")
    other = read(tmp_path / "new" / "sizes.npz")
    for name, array in asdict(one).items():
        np.testing.assert_array_equal(array, getattr(other, name))
    with pytest.raises(ValueError, match="read-only"):
        other.same[0, 0] = 0


@pytest.mark.parametrize(
    ("same", "said"),
    [
        ([[0.3, 0.1, -0.1]] * 3, "counting is ahead with 1,000 to 2,000; the network is ahead with "
         "4,000 names: the order flips near 2,828 names (2,828 to 2,828 by seed)"),
        ([[0.3, -0.1, 0.0], [0.1, -0.1, 0.1], [0.1, -0.3, -0.1]], "counting is ahead with 1,000; "
         "the network is ahead with 2,000; it is a draw, within 0.01 bits or by seed, with 4,000 "
         "names: the order flips near 1,414 names (1,189 to 1,682 by seed)"),
        ([[0.3, 0.2, 0.1]] * 3, "counting is ahead with 1,000 to 4,000 names: the order does not"),
        (ALWAYS, "the network is ahead with 1,000 to 4,000 names: the order does not flip"),
        ([[-0.1, -0.1, 0.1]] * 3, "the network is ahead with 1,000 to 2,000; counting is ahead "
         "with 4,000 names."),
    ],
)  # fmt: skip
def test_what_is_said_of_a_record_is_counted_from_its_table(same, said):
    first, second = told(made(same, [[0.3, 0.2, 0.1]] * 3))
    assert said in first
    assert "counting is ahead with 1,000 to 4,000 names: the order does not flip" in second


def test_the_shipped_record_counts_the_names_as_they_are_counted_now():
    found, corpus = shipped(), BASE.corpus
    assert found.same.shape == found.share.shape == (3, len(record.PARTS))
    np.testing.assert_array_equal(found.same[:, -1], found.share[:, -1])
    for at, share in enumerate(record.PARTS):
        own = part(corpus, share)
        assert found.names[at] == int((own.train == 0).sum())
        assert found.counted[at] == pytest.approx(counted(Sizes(BASE), own), abs=1e-9)


def test_time_by_size_is_the_share_of_the_time_of_the_whole():
    own = part(BASE.corpus, 1 / 4)
    half = taught(Sizes(BASE, by_size=True), own, 1 / 2)
    assert half == taught(Sizes(replace(BASE, steps=10)), own, 1)
    assert half != taught(Sizes(BASE), own, 1 / 2)


def test_the_record_stands_beside_the_run_only_where_it_is_of_the_same_text():
    limits, none = np.array([50.0, 2e4, 2.0, 5.0]), np.empty((0, 3))
    for dataset, count in (("names", 2), ("moby", 1)):
        config = Sizes(replace(BASE, dataset=dataset))
        panels = sizes_scene(SizesSnapshot(0, config, none, limits, float("nan"))).panels
        assert len(panels) == count
    beside = sizes_scene(SizesSnapshot(0, Sizes(BASE), none, limits, 0.0)).panels[1]
    curves = [m for m in beside.marks if isinstance(m, Curve) and m.band is not None]
    for curve, bits in zip(curves, (shipped().same, shipped().share), strict=True):
        np.testing.assert_allclose(
            curve.band,
            np.stack([bits.min(0), bits.max(0)], 1) - shipped().counted[:, None],
            atol=1e-6,
        )
