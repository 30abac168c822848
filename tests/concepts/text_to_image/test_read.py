"""A drawing by hand becomes a picture of the world when it is drawn like one."""

import numpy as np
import pytest
import torch

from explorer.concepts.shared.drawing import EMPTY, decode_drawing, encode_drawing
from explorer.concepts.text_to_image.read import ReadConfig, coloured, example
from explorer.data.shapes import world

HERE = world("sizes")


def test_a_mask_of_the_world_in_a_colour_is_its_picture():
    row = torch.tensor([[1, 4, 5]])  # large purple ring
    ink = np.rint(255 * HERE.masks[HERE.kind(row), 4].view(16, 16).numpy()).astype(np.uint8)
    x = coloured(ink, "purple", HERE)
    torch.testing.assert_close(x, HERE.pictures(row, torch.tensor([4])), atol=3e-3, rtol=0)
    assert HERE.caption(HERE.read(x).values[0]) == "large purple ring"


def test_the_example_is_a_star_that_the_parser_knows():
    x = coloured(example(16), "purple", HERE)
    assert HERE.caption(HERE.read(x).values[0]) == "large purple star"


def test_a_drawing_survives_its_text():
    image, marked = decode_drawing(encode_drawing(example(24)))
    np.testing.assert_array_equal(image, example(24))
    assert not marked.any()


def test_an_empty_drawing_is_refused():
    with pytest.raises(ValueError, match="drawing must hold some ink"):
        ReadConfig(drawing=EMPTY)
