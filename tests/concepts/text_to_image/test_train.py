"""The laws of text_to_image."""

import pytest


def test_the_laws_of_this_concept_are_written():
    pytest.fail(
        "WRITE the laws of text_to_image: gradients against finite differences, equality with an "
        "independent implementation or a closed form, what the exact reference says."
    )
