"""What rewriting leaves of a watermark."""

import numpy as np

from explorer.concepts.ethics import Config, Model, RewritingConfig, rewrite_texts
from explorer.concepts.ethics.model import START
from explorer.concepts.ethics.rewriting import replaced
from explorer.runs import finish


def test_a_share_of_the_tokens_after_the_start_is_replaced():
    model = Model(Config(steps=50))
    texts = model.written(40, 0, 50).numbers
    for method in ("random", "model"):
        found = replaced(texts, 0.4, method, model.language, np.random.default_rng(0))
        assert (found[:, :START] == texts[:, :START]).all()
        changed = (found[:, START:] != texts[:, START:]).mean()
        assert 0.3 < changed < 0.45, method  # a replacement may be the same word


def test_z_falls_with_the_share_of_whole_contexts_that_are_left():
    for context in (1, 3):
        snapshots, _ = finish(
            rewrite_texts(RewritingConfig(2), Model(Config(context=context, steps=40)))
        )
        for each in snapshots:
            assert abs(each.z[0] - each.expected) < 0.5
        assert snapshots[-1].expected < 0.2 * snapshots[0].expected
