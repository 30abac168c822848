"""The tasks: their answers, what is in the test set, and the best that can be done."""

from collections import Counter
from itertools import permutations
from math import log, log2

import numpy as np
import pytest
import torch

from explorer.concepts import transformer
from explorer.concepts.shared.transformer import Shape, Transformer
from explorer.concepts.transformer import checkpoint, measure
from explorer.concepts.transformer.ablation import parts, without, without_positions
from explorer.concepts.transformer.head import numbers
from explorer.concepts.transformer.tasks import (
    LENGTH,
    PERIODS,
    TASKS,
    best_repeat_bits,
    in_test_set,
)
from explorer.concepts.transformer.train import Model, example
from explorer.data.text import CASED, load
from explorer.nets import generator
from explorer.runs import finish

every_task = pytest.mark.parametrize("name", TASKS)
ANSWERS = {"sort": sorted, "reverse": lambda q: q[::-1], "copy": list}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_are_those_of_plain_python(name):
    task = TASKS[name]
    for row in task.sample(50, generator(0)).tolist():
        question, stroke, answer = row[:LENGTH], row[LENGTH], row[LENGTH + 1 :]
        assert task.vocabulary[stroke] == "="
        assert answer == ANSWERS[name](question)


def test_a_block_of_different_symbols_comes_again_and_again():
    for row in TASKS["repeat"].sample(50, generator(0)).tolist():
        period = len(set(row))
        assert period in PERIODS
        assert all(token == row[position % period] for position, token in enumerate(row))


@every_task
def test_no_sequence_of_the_test_set_is_ever_trained_on(name):
    task = TASKS[name]
    learnt = task.sample(2000, generator(0))
    asked = task.sample(200, generator(0), test=True)
    assert not in_test_set(learnt).any()
    assert in_test_set(asked).all()
    assert not {tuple(row) for row in learnt.tolist()} & {tuple(row) for row in asked.tolist()}


@every_task
def test_the_answer_stands_where_the_perfect_solution_finds_it(name):
    task = TASKS[name]
    rows = task.sample(40, generator(2))
    where, certain = task.sources(rows), task.certain(rows)
    seen, follows = rows[:, :-1], rows[:, 1:]
    n, i, j = where.nonzero(as_tuple=True)
    assert (seen[n, j] == follows[n, i]).all()
    assert (j <= i).all()
    assert torch.equal(where.any(dim=2), certain)


@pytest.mark.parametrize(
    ("kinds", "periods", "positions"),
    [(3, range(1, 4), 4), (4, range(2, 4), 3), (4, range(2, 5), 6)],
)
def test_the_best_possible_bits_equal_those_of_enumerating_every_sequence(
    kinds, periods, positions
):
    """The chain rule over the exact distribution of all sequences."""
    probability: Counter[tuple[int, ...]] = Counter()
    for period in periods:
        blocks = list(permutations(range(kinds), period))
        for block in blocks:
            row = tuple(block[position % period] for position in range(positions + 1))
            probability[row] += 1 / len(periods) / len(blocks)
    whole = -sum(p * log2(p) for p in probability.values())
    expected = (whole - log2(kinds)) / positions  # the first token is not counted
    assert best_repeat_bits(kinds, periods, positions) == pytest.approx(expected, abs=1e-12)


def test_no_network_beats_the_best_possible_bits():
    """Bayes on the test set itself: what one would pay who knows the source."""
    task, given = TASKS["repeat"], measure.test_set("repeat")
    nats = 0.0
    for row in given.tolist():
        for t in range(1, task.positions + 1):
            seen = row[:t]
            possible = [p for p in PERIODS if all(a == seen[i % p] for i, a in enumerate(seen))]
            possible = [p for p in possible if len(set(seen[:p])) == min(p, t)]
            probability = 0.0
            for p in possible:
                if t >= p:
                    probability += (row[t] == row[t % p]) / len(possible)
                elif row[t] not in seen:
                    probability += 1 / (16 - t) / len(possible)
            nats -= log(probability)
    paid = nats / log(2) / len(given) / task.positions
    assert paid == pytest.approx(task.best_bits, abs=1e-6)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_generated_one_by_one_are_right_when_those_predicted_at_once_are(name):
    task = TASKS[name]
    net = Transformer(Shape(9, 16, 2, 1, task.positions), generator(0))
    given = task.sample(6, generator(0))
    at_once = net(given[:, :-1]).argmax(-1)
    one_by_one = measure.answers(net, task, given)
    first = LENGTH
    assert torch.equal(at_once[:, : first + 1], one_by_one[:, : first + 1])
    right = (at_once == given[:, 1:])[:, first:].all(1)
    assert torch.equal(right, (one_by_one == given[:, 1:])[:, first:].all(1))


def test_bits_of_a_text_are_the_losses_of_overlapping_windows():
    net = Transformer(Shape(81, 16, 2, 1, 8), generator(0))
    text = torch.randint(81, (21,), generator=generator(1))
    begun = torch.cat([torch.zeros(1, dtype=torch.int64), text])
    expected = 0.0
    for position in range(21):
        start = 0 if position < 8 else position // 4 * 4 - 4
        logits = net(begun[None, start : position + 1])[0, -1]
        expected -= logits.log_softmax(-1)[text[position]].item()
    assert measure.bits(net, text) == pytest.approx(expected / 21 / log(2), rel=1e-5)
    assert measure.bits(net, text[:3]) > 0


def test_held_out_chapters_and_names_are_not_in_the_training_text():
    book = load("moby_cased")
    train, held_out = (corpus_text(each) for each in (book.train, book.held_out))
    assert len(train) + len(held_out) > 1_189_000
    assert held_out[200:400] not in train
    names = load("names_cased")
    learnt, asked = (set(corpus_text(each).split()) for each in (names.train, names.held_out))
    assert not learnt & asked
    assert len(learnt) + len(asked) == 8422


def corpus_text(numbers_):
    return "".join(CASED[number] for number in numbers_.tolist())


def test_the_shipped_model_is_plain_arrays_and_knows_its_book():
    with np.load(checkpoint.FILE, allow_pickle=False) as archive:
        assert all(archive[name].dtype == np.float16 for name in archive)
    assert checkpoint.FILE.stat().st_size < 4_000_000
    net, book = checkpoint.load(), load("moby_cased")
    piece = book.held_out[24_000:26_000]
    assert measure.bits(net, piece) < 2.1
    nothing = Transformer(checkpoint.SHAPE, generator(0))
    assert measure.bits(nothing, piece) > 4


@pytest.mark.parametrize("name", transformer.EXAMPLES)
def test_what_stands_in_the_field_can_be_asked(name):
    row, certain = transformer.tokens(name, transformer.EXAMPLES[name])
    assert len(certain) == len(row) - 1


@pytest.mark.parametrize(
    ("name", "text"),
    [("sort", "abc"), ("copy", "abcdefgz"), ("repeat", "aabcde"), ("repeat", "abcd"),
     ("moby", "a"), ("moby", "x" * 50), ("names", "🙂🙂")],
)  # fmt: skip
def test_a_text_that_cannot_be_asked_is_refused_with_a_sentence(name, text):
    with pytest.raises(ValueError, match=r"The (text|model)"):
        transformer.AttentionConfig(name, text)


@pytest.fixture(scope="module")
def trained() -> Model:
    _, model = finish(transformer.train(transformer.Config(steps=12, head_dim=8, heads=2)))
    return model


def test_the_numbers_of_a_head_make_each_other(trained):
    found = numbers(transformer.AttentionConfig(layer=2, head=2), trained)
    q, k, v, out = (np.array(found[name]) for name in ("q", "k", "v", "out"))
    weights = np.array(found["weights"])
    for i, line in enumerate(found["scores"]):
        seen = [score for score in line if score is not None]
        assert len(seen) == i + 1
        np.testing.assert_allclose(seen, q[i] @ k[: i + 1].T / q.shape[1] ** 0.5, atol=1e-3)
        np.testing.assert_allclose(
            weights[i, : i + 1], np.exp(seen) / np.exp(seen).sum(), atol=1e-3
        )
    np.testing.assert_allclose(weights @ v, out, atol=2e-3)


def test_each_checkpoint_is_the_network_of_that_time(trained):
    assert [step for step, _ in trained.checkpoints] == list(range(13))
    for name, value in trained.at(12).state_dict().items():
        torch.testing.assert_close(value, trained.net.state_dict()[name], atol=2e-3, rtol=2e-3)
    seen, _ = finish(transformer.inspect_training(transformer.AttentionConfig(), trained))
    assert len(seen) == 13
    assert not np.array_equal(seen[0].internals.attention, seen[-1].internals.attention)


def test_every_part_is_ablated_once_after_none(trained):
    every = parts(2, 2, True, True)
    assert [part.name for part in every] == [
        "nothing", "head 1.1", "head 1.2", "MLP 1", "layer 1", "head 2.1", "head 2.2",
        "MLP 2", "layer 2", "positions",
    ]  # fmt: skip
    assert without(every[0], 2, 2).sum() == 6
    assert without(every[4], 2, 2).tolist() == [[0, 0, 0], [1, 1, 1]]
    losses, _ = finish(transformer.ablate(transformer.AblationConfig(), trained))
    assert [loss.part for loss in losses] == list(every)
    whole = measure.evaluate_task(trained.net, TASKS["repeat"]).bits
    assert losses[-1].bits[0] == pytest.approx(whole)
    bare = without_positions(trained.net)
    row, _ = example("repeat")
    assert not torch.equal(bare(row[None, :-1]), trained.net(row[None, :-1]))


@pytest.mark.parametrize("cache", [True, False])
def test_both_computations_generate_the_same_tokens(trained, cache):
    stops, _ = finish(transformer.generate(transformer.GenerationConfig(cache=cache), trained))
    other, _ = finish(transformer.generate(transformer.GenerationConfig(cache=not cache), trained))
    assert stops[-1].text == other[-1].text
    assert len(stops[-1].text) == TASKS["repeat"].positions + 1
    assert max(stop.difference for stop in stops) < 1e-4
    assert stops[-1].cached.sum() < stops[-1].plain.sum() / 10
