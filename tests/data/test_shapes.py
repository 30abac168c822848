"""The world of shapes: every picture has one caption, and the parser is the nearest picture."""

import pytest
import torch

from explorer.data.shapes import COLOURS, SHAPES, SHIFTS, WORLDS, cover, world
from explorer.nets import generator

every_world = pytest.mark.parametrize("name", WORLDS)


def some(here, n, seed=0):
    """n captions and places, drawn at random."""
    rng = generator(seed)
    rows = here.captions[torch.randint(len(here.captions), (n,), generator=rng)]
    return rows, torch.randint(len(SHIFTS), (n,), generator=rng)


@every_world
def test_the_parser_reads_every_real_picture_rightly(name):
    here = world(name)
    values, shift = some(here, 300)
    read = here.read(here.pictures(values, shift))
    assert torch.equal(read.values, values)
    assert torch.equal(read.shift, shift)
    assert read.error.max() < 2e-3


def test_the_parser_is_the_nearest_of_all_pictures():
    here = world("plain")
    everything = here.all_pictures(here.captions).flatten(0, 1).double()
    x = torch.rand(40, everything.shape[1], generator=generator(1))
    x[:20] = here.pictures(*some(here, 20)) + 0.3 * x[:20]
    distance = torch.cdist(x.double(), everything)
    nearest = distance.argmin(1)
    read = here.read(x)
    assert torch.equal(here.number(read.values), nearest // len(SHIFTS))
    assert torch.equal(read.shift, nearest % len(SHIFTS))
    rms = distance.min(1).values / everything.shape[1] ** 0.5
    torch.testing.assert_close(read.error.double(), rms, atol=2e-3, rtol=0)


@every_world
def test_a_caption_is_numbered_as_it_is_listed(name):
    here = world(name)
    assert torch.equal(here.number(here.captions), torch.arange(len(here.captions)))
    assert len({here.caption(row) for row in here.captions}) == len(here.captions)


def test_what_a_caption_leaves_open_is_not_said():
    assert world("sizes").caption([-1, 0, 3]) == "red star"
    assert world("places").caption([0, 7, 5, 2]) == "small black ring bottom left"


def test_a_picture_has_its_colour_inside_and_paper_outside():
    here = world("plain")
    for name, colour in COLOURS.items():
        row = torch.tensor([[list(COLOURS).index(name), SHAPES.index("square")]])
        picture = here.pixels(here.pictures(row, torch.tensor([4])))[0]
        assert tuple(picture[8, 8]) == colour
        assert tuple(picture[0, 0]) == (255, 255, 255)


def test_a_shape_covers_its_area():
    """A circle of radius r covers pi r^2 pixels, a square (2 * 0.86 r)^2."""
    side, r = 64, 24.0
    assert cover("circle", r, 32, 32, side).sum() == pytest.approx(
        3.1416 * (0.95 * r) ** 2, rel=0.01
    )
    assert cover("square", r, 32, 32, side).sum() == pytest.approx((1.72 * r) ** 2, rel=0.03)


def test_an_unknown_world_is_refused():
    with pytest.raises(ValueError, match="dataset must be one of"):
        world("moon")
