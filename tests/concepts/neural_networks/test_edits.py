"""Edits are a text of the link: read whole, refused by name, rule and value."""

import pytest

from explorer.concepts.neural_networks.edits import Edit, parse

SIZES = (2, 4, 3, 1)


def test_edits_are_read():
    found = parse("w1.2.3=0.5,b2.1=-1,f1.2,c2.3,w3.3.1=-2.25", SIZES)
    assert found == (
        Edit("weight", 0, 2, 1, 0.5),
        Edit("bias", 1, 0, 0, -1.0),
        Edit("freeze", 0, 1),
        Edit("cut", 1, 2),
        Edit("weight", 2, 0, 2, -2.25),
    )
    assert parse("", SIZES) == ()


@pytest.mark.parametrize(
    "text",
    ["x1.2", "w1.2=3", "w1.1.1", "f1.1=2", "b1.1=11", "w0.1.1=1", "f1", "f1.1," * 70],
)  # fmt: skip
def test_what_means_nothing_is_refused(text):
    with pytest.raises(ValueError, match=r"edits must .*Got"):
        parse(text)


@pytest.mark.parametrize("text", ["w1.3.1=1", "b4.1=1", "c3.1", "f1.5", "w1.1.5=1"])
def test_what_the_network_does_not_have_is_left_out(text):
    assert parse(text, SIZES) == ()
    assert len(parse(text)) == 1
