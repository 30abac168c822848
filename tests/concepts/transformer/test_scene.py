"""What the pictures of a transformer show is what the network did."""

from functools import cache

import pytest

from explorer.concepts import transformer
from explorer.concepts.shared.text_panel import sign
from explorer.concepts.transformer.panels import TALL, lens_panel
from explorer.concepts.transformer.train import Model
from explorer.runs import finish
from explorer.scene import Text


@cache
def small(dataset: str) -> Model:
    return finish(transformer.train(transformer.Config.usual(dataset, steps=2, layers=2)))[1]


def lines(panel, *roles):
    return [m.text for m in panel.marks if isinstance(m, Text) and m.role in roles]


@pytest.mark.parametrize("dataset", ["repeat", "sort", "moby"])
def test_what_was_given_and_what_was_generated_stand_apart_and_whole(dataset):
    asked = transformer.GenerationConfig(dataset, transformer.EXAMPLES[dataset])
    for seen in finish(transformer.generate(asked, small(dataset)))[0][::5]:
        panel = transformer.EXPERIMENTS["generation"].scene(seen).panels[0]
        whole = sign(seen.text).replace("·", " ")
        assert "".join(lines(panel, "real")) == whole[: seen.given]
        assert "".join(lines(panel, "model")) == whole[seen.given :]
        assert "".join(lines(panel, "truth")) == seen.truth
        assert min(mark.xy[1] for mark in panel.marks) > panel.ylim[0]


def test_each_prediction_of_the_logit_lens_stands_in_the_middle_of_its_cell():
    seen = finish(transformer.inspect_training(transformer.AttentionConfig(), small("repeat")))[0][
        -1
    ]
    panel = lens_panel(seen.internals, "repeat")
    layers, positions = seen.internals.lens.shape
    predicted = {m.xy: m.text for m in panel.marks if m.name.startswith("after")}
    assert len(predicted) == layers * positions
    for (x, y), text in predicted.items():
        known = seen.internals.tops[round(y / TALL), round(x)]
        assert (x, y / TALL) == (round(x), round(y / TALL))
        assert text == "abcdefghijklmnop"[known]
    low, high = panel.ylim
    assert (high - low) / (layers + 1) == TALL
