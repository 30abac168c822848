"""Principal components: nothing is lost that the parser needs, and unseen pictures fit in."""

import torch

from explorer.concepts.text_to_image.space import Space
from explorer.concepts.text_to_image.split import split
from explorer.data.shapes import world

HERE = world("sizes")
PARTS = split(HERE, 6, 0)
PICTURES = HERE.all_pictures(PARTS.seen).flatten(0, 1)
SPACE = Space(PICTURES)


def test_decoding_and_encoding_again_changes_no_point():
    z = torch.randn(20, SPACE.dim, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(SPACE.encode(SPACE.decode(z)), z, atol=1e-4, rtol=1e-4)


def test_the_components_are_orthonormal_and_sorted_by_variance():
    torch.testing.assert_close(SPACE.axes @ SPACE.axes.T, torch.eye(SPACE.dim), atol=1e-5, rtol=0)
    assert (SPACE.scale.diff() <= 1e-6).all()


def test_points_have_about_unit_variance_on_the_scale_halfway_to_whitening():
    """std(z_k)^2 = std_k, over the root mean square: their squares average to one at most."""
    std = SPACE.encode(PICTURES).std(0)
    expected = (SPACE.scale / SPACE.scale.pow(4).mean().pow(0.25)).double()
    torch.testing.assert_close(std.double(), expected, rtol=0.02, atol=0.02)


def test_the_parser_reads_compressed_pictures_rightly_even_of_captions_never_seen():
    for rows in (PARTS.seen, PARTS.unseen):
        x = HERE.all_pictures(rows).flatten(0, 1)
        read = HERE.read(SPACE.decode(SPACE.encode(x))).values
        assert torch.equal(read, rows.repeat_interleave(9, 0))
