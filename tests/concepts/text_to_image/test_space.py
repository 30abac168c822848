"""Principal components: nothing is lost that the parser needs, and unseen pictures fit in."""

from functools import cache

import pytest
import torch

from explorer.concepts.text_to_image.space import Space
from explorer.concepts.text_to_image.split import split
from explorer.data.shapes import WORLDS, world

every_world = pytest.mark.parametrize("name", WORLDS)


@cache
def fitted(name):
    """A world, its split, all seen pictures, and their space."""
    here = world(name)
    parts = split(here, 6, 0)
    pictures = here.all_pictures(parts.seen).flatten(0, 1)
    return here, parts, pictures, Space(here, pictures)


@every_world
def test_decoding_and_encoding_again_changes_no_point(name):
    *_, space = fitted(name)
    z = torch.randn(20, space.dim, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(space.encode(space.decode(z)), z, atol=1e-3, rtol=1e-3)


@every_world
def test_the_components_are_orthonormal_and_sorted_by_variance(name):
    *_, space = fitted(name)
    one = torch.eye(len(space.axes))
    torch.testing.assert_close(space.axes @ space.axes.T, one, atol=1e-5, rtol=0)
    assert (space.scale.diff() <= 1e-6).all()


def test_points_are_scaled_halfway_to_unit_variance():
    """A component of standard deviation s becomes one of sqrt(s / rms of all)."""
    *_, pictures, space = fitted("sizes")
    own = (pictures @ space.axes.T).double().std(0)
    expected = (own / own.square().mean().sqrt()).sqrt()
    torch.testing.assert_close(space.encode(pictures).double().std(0), expected, rtol=0.02, atol=0)


@every_world
def test_the_parser_reads_compressed_pictures_rightly_even_of_captions_never_seen(name):
    here, parts, _, space = fitted(name)
    for rows in (parts.seen[::5], parts.unseen):
        x = here.all_pictures(rows).flatten(0, 1)
        read = here.read(space.decode(space.encode(x))).values
        assert torch.equal(read, rows.repeat_interleave(9, 0))
