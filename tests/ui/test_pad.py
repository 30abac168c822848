"""Pads: what was drawn survives the trip through the link, and the hand sees the right image."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer.data import images
from explorer.ui.pads import pad

SHAPES = st.sampled_from([(8, 8), (16, 16), (28, 28)])


@given(values=arrays(np.uint8, st.integers(1, 800), elements=st.integers(0, 15)))
def test_packing_is_undone_by_unpacking(values):
    code = pad._packed(values, bits=4)
    np.testing.assert_array_equal(pad._unpacked(code, len(values), bits=4), values)
    assert set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(code=st.text(max_size=60))
def test_a_code_that_is_none_is_refused_in_a_sentence(code):
    with pytest.raises(ValueError, match="no drawing of this size"):
        pad._unpacked(code, 784, bits=4)


def test_a_code_that_would_unpack_to_gigabytes_is_refused():
    bomb = pad._packed(np.zeros(10**6, np.uint8), bits=4)
    with pytest.raises(ValueError, match="no drawing of this size"):
        pad._unpacked(bomb, 784, bits=4)


def test_a_handwritten_digit_fits_into_a_link_that_can_be_mailed():
    digits = images.load("mnist")
    lengths = [
        len(pad._packed((image.flatten().astype(int) + 8) // 17, bits=4))
        for image in digits.pixels(digits.test[:50])
    ]
    assert max(lengths) < 500


def test_the_picture_of_all_images_has_row_zero_at_the_bottom_and_loses_nothing():
    rng = np.random.default_rng(0)
    grid = rng.integers(0, 256, (3, 4, 8, 6), dtype=np.uint8)
    sheet = opened(pad._atlas(grid.shape, grid.tobytes())).getchannel("A")
    assert sheet.size == (4 * 6, 3 * 8)
    for row in range(3):
        for column in range(4):
            top = (2 - row) * 8
            cell = sheet.crop((column * 6, top, column * 6 + 6, top + 8))
            np.testing.assert_array_equal(np.asarray(cell), grid[row, column])


def test_coloured_images_keep_their_colours():
    grid = np.random.default_rng(0).integers(0, 256, (2, 2, 4, 4, 3), dtype=np.uint8)
    sheet = np.asarray(opened(pad._atlas(grid.shape, grid.tobytes())))
    np.testing.assert_array_equal(sheet[4:, :4], grid[0, 0])


def test_points_are_sent_to_within_a_hair():
    limits = ((-3.0, 3.0), (-1.0, 5.0))
    points = np.random.default_rng(0).uniform((-3, -1), (3, 5), (100, 2))
    share = pad._quantised(points, limits) / 65535
    np.testing.assert_allclose(share * 6 + [-3, -1], points, atol=1e-4)


def opened(address: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))


def page():
    import numpy as np
    import streamlit as st

    from explorer import ui
    from explorer.ui.controls import link

    link.turn_to("one")
    grid = np.zeros((3, 3, 8, 8), np.uint8)
    start = np.full((8, 8), st.session_state.get("start", 0), np.uint8)
    st.session_state["drawn"] = {
        "z": ui.latent_pad("z", grid, ((-3, 3), (-3, 3))),
        "lines": ui.draw_strokes("lines"),
        "image": ui.draw_image("image", (8, 8), start),
        "both": ui.draw_image("both", (8, 8), mask=True),
    }


def run(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def test_pads_begin_empty_and_at_the_origin():
    drawn = run().session_state["drawn"]
    assert drawn == {"z": (0.0, 0.0), "lines": [], "image": None, "both": None}


def test_a_link_restores_what_was_drawn():
    image = (np.arange(64) % 16).astype(np.uint8)
    mask = np.arange(64) % 2 == 0
    code = pad._packed(image, bits=4)
    drawn = run(z="1.25_-0.5", image=code, both=f"{code}.{pad._packed(mask, bits=1)}").session_state
    np.testing.assert_array_equal(drawn["drawn"]["image"], image.reshape(8, 8) * 17)
    np.testing.assert_array_equal(drawn["drawn"]["both"].image, image.reshape(8, 8) * 17)
    np.testing.assert_array_equal(drawn["drawn"]["both"].mask, mask.reshape(8, 8))
    assert drawn["drawn"]["z"] == (2.0, 0.0)


@pytest.mark.parametrize(
    "nonsense", ["1", "a_b!", "nan_0", "1_2_3", "inf_inf", "?", "x" * 3000, "."]
)
def test_nonsense_in_the_link_leaves_the_pads_empty_and_says_so(nonsense):
    app = run(**dict.fromkeys(("z", "lines", "image", "both"), nonsense))
    drawn = app.session_state["drawn"]
    assert drawn == {"z": (0.0, 0.0), "lines": [], "image": None, "both": None}
    assert len(app.caption) == 4


@pytest.mark.parametrize(
    ("written", "centre"),
    [("0.9_-0.9", (0, 0)), ("1.1_-1.1", (2, -2)), ("99_-99", (2, -2)), ("-3_3", (-2, 2))],
)
def test_a_code_is_that_of_the_image_shown_the_centre_of_its_cell(written, centre):
    assert run(z=written).session_state["drawn"]["z"] == pytest.approx(centre)


def test_another_image_to_start_from_begins_the_drawing_anew():
    app = run(image=pad._packed(np.full(64, 3, np.uint8), bits=4))
    assert app.session_state["drawn"]["image"].max() == 51
    app.session_state["start"] = 200
    app.run()
    assert app.session_state["drawn"]["image"].min() == 200
    assert app.query_params.get("image", "") == ""


def test_only_what_others_set_makes_a_new_version():
    def rounds():
        import streamlit as st

        from explorer.ui.pads import pad

        found = [pad._version("z", "1,1"), pad._version("z", "1,1")]
        st.session_state["z"] = "1,1"
        pad._report("z", "2,2")
        found += [pad._version("z", "2,2"), pad._version("z", "1,1")]
        st.session_state["found"] = found

    app = AppTest.from_function(rounds).run()
    assert app.session_state["found"] == [1, 1, 1, 2]
