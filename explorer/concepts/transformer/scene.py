"""What a run looks like: heads, what they attend to, the loss, and the predictions."""

from textwrap import wrap

import numpy as np

from explorer.concepts.shared.charts import level
from explorer.concepts.shared.text_panel import sign, written
from explorer.concepts.transformer import checkpoint
from explorer.concepts.transformer.panels import (
    heads_panel,
    lens_panel,
    map_panel,
    predictions_panel,
)
from explorer.concepts.transformer.tasks import TASKS
from explorer.concepts.transformer.train import Snapshot
from explorer.scene import Curve, Flow, Mark, Panel, Reading, Role, Scene

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "predictions": "Predictions",
    "lens": "Logit lens",
    "map": "Embeddings",
}
LINE, LINES = 34, 7  # characters and lines of a sample
APART = 0.15  # attention from which on two labels have room


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    dataset = s.config.dataset
    if view == "predictions":
        panels = [predictions_panel(s.internals, dataset, span=2.0), heads_panel(s.internals)]
    elif view == "lens":
        panels = [lens_panel(s.internals, dataset)]
    elif view == "map":
        panels = [map_panel(s.internals, dataset), answer_panel(s)]
    else:
        return _overview(s)
    return Scene(panels, step=s.step, readings=readings(s), sentence=sentence(s))


def _overview(s: Snapshot) -> Scene:
    """From embeddings to predictions, and under it how they came about."""
    return Scene(
        [
            map_panel(s.internals, s.config.dataset),
            heads_panel(s.internals, named=not s.config.of_text),
            predictions_panel(s.internals, s.config.dataset, every=2),
            answer_panel(s),
            bits_panel(s),
            sample_panel(s) if s.config.of_text else accuracy_panel(s),
        ],
        step=s.step,
        rows=(3, 3),
        flows=[Flow(0, 1, "embeddings"), Flow(1, 2, "residual stream", "model")],
        readings=readings(s),
        sentence=sentence(s),
    )


def answer_panel(s: Snapshot) -> Panel:
    """How much the heads attend to the answer: the best one of each layer."""
    layers, heads = s.answer_attention.shape
    best, head = divmod(int(s.answer_attention.argmax()), heads)
    marks: list[Mark] = [Curve("all attention", "truth", level((0, s.config.steps), 1.0), label="")]
    for layer, value in enumerate(s.answer_attention.max(1)):
        last = layer == layers - 1
        role: Role = "model" if last else "neutral"
        label = f"head {best + 1}.{head + 1}" if layer == best else ""
        marks.append(
            _point(s, f"best head, layer {layer + 1}", role, value, 2.5 if last else 1.5, label)
        )
    title = "Attention on the answer"
    caption = (
        "Attention weight on the position of the answer, averaged; the best head of each layer."
    )
    if s.config.of_text or s.config.dataset == "repeat":
        layer, head = divmod(int(s.previous_attention.argmax()), heads)
        value = float(s.previous_attention.max())
        apart = abs(value - s.answer_attention.max()) > APART
        label = f"previous: {layer + 1}.{head + 1}" if apart else ""
        marks.append(_point(s, "best previous-token head", "real", value, 2, label))
        caption = "Prefix matching: attention on what followed the same token before."
    if s.config.of_text:
        title = "Attention on repeated letters"
        caption = "A random block, repeated: attention on what followed the same letter."
    return Panel(
        title, marks, "chart", (0, s.config.steps), (0, 1.05), "training step", "attention weight",
        caption=caption,
    )  # fmt: skip


def bits_panel(s: Snapshot) -> Panel:
    """The loss on the test set, over the lowest possible one."""
    marks: list[Mark] = []
    if np.isfinite(s.best):
        marks.append(Curve("lowest possible", "truth", level((0, s.config.steps), s.best)))
        top, caption = _top(s), f"Unseen sequences. The lowest possible loss is {s.best:.3g}."
    else:
        top, caption = 5.0, "Held-out text; the n-gram was fitted to the same training text."
        rival = level((0, s.config.steps), checkpoint.NGRAM_PIECES[s.config.dataset])
        marks.append(Curve("best n-gram", "rival", rival, dashed=True))
    if s.config.dataset == "names":
        marks.append(_point(s, "Moby-Dick", "neutral", s.scores.moby, 2, "Moby-Dick"))
        top, caption = 9.0, "Held-out names, and held-out chapters of the book it knew before."
    marks.append(_point(s, "transformer", "model", s.scores.bits, 2, ""))
    return Panel("Loss on the test set", marks, "chart", (0, s.config.steps), (0, top),
                 "training step", "bits per token", caption=caption)  # fmt: skip


def accuracy_panel(s: Snapshot) -> Panel:
    """Share of sequences whose certain tokens are all right."""
    marks: list[Mark] = [
        Curve("perfect", "truth", level((0, s.config.steps), 1.0), label=""),
        _point(s, "exact match", "model", s.scores.exact, 2, ""),
    ]
    return Panel("Exact-match accuracy", marks, "chart", (0, s.config.steps), (0, 1.05),
                 "training step", "share of sequences",
                 caption="Unseen sequences with every certain token right.")  # fmt: skip


def sample_panel(s: Snapshot) -> Panel:
    """What a text model generates."""
    text = sign(s.sample).replace("·", " ")
    text = text.replace("¶", " ") if s.config.dataset == "names" else text
    lines = wrap(text, LINE)[:LINES] or ["…"]
    return Panel(
        "Sample",
        written([(line, "model") for line in lines]),
        "plane",
        (-5.5, 5.5),
        (0.7 - LINES, 0.7),
        caption="Generated without a prompt, token by token. ¶ is a line break.",
    )


def readings(s: Snapshot) -> list[Reading]:
    """Two or three numbers, each beside the best there is."""
    if not s.config.of_text:
        return [
            Reading("exact match", 100 * s.scores.exact, (100.0, 100.0), "the perfect solution",
                    "%", "high",
                    "Share of unseen sequences in which every certain token is right."),
            Reading("bits per token", s.scores.bits, (s.best, s.best), "lowest possible", "",
                    "low", "Loss on the test set; the lowest possible is computed exactly."),
            Reading("attention on the answer", 100 * float(s.answer_attention.max()),
                    (100.0, 100.0), "all of its attention", "%", "high",
                    "Of the head that attends to the answer most."),
        ]  # fmt: skip
    ngram = checkpoint.NGRAM_PIECES[s.config.dataset]
    found = [
        Reading("bits per character", s.scores.bits, (ngram, ngram), "best n-gram, same text",
                help="On a piece of the held-out text."),
    ]  # fmt: skip
    if s.config.dataset == "names":
        found.append(Reading("Moby-Dick, bits", s.scores.moby, (s.first.moby,) * 2,
                             "before fine-tuning", help="Forgetting: the loss on held-out "
                             "chapters of the book."))  # fmt: skip
    found.append(
        Reading("best previous-token head", 100 * float(s.previous_attention.max()),
                (100.0, 100.0), "all of its attention", "%", "neither",
                "Attention on the previous token, of the head that attends to it most.")
    )  # fmt: skip
    return found


def sentence(s: Snapshot) -> str:
    """What is seen, in words."""
    exact, bits = s.scores.exact, s.scores.bits
    if s.config.of_text:
        return _about_text(s, bits)
    layer, head = divmod(int(s.answer_attention.argmax()), s.answer_attention.shape[1])
    name = f"head {layer + 1}.{head + 1}"
    share = f"{100 * s.answer_attention.max():.0f} %"
    if not s.config.causal_mask and exact < 0.9 and bits < 0.5 * s.first.bits:
        return (
            f"Without a mask it copies the next token ({bits:.2f} bits) instead of learning the "
            f"task: when it has to generate, {100 * exact:.0f} % of sequences are right."
        )
    if s.step == 0:
        return "Random weights: every head attends a little to everything."
    if exact >= 0.99:
        return (
            f"Solved: {100 * exact:.1f} % of unseen sequences are right. {name.capitalize()} has "
            f"{share} of its attention on the answer."
        )
    if s.config.dataset == "repeat" and s.answer_attention.max() > 0.4:
        return f"An induction head has formed: {name} has {share} of its attention on the answer."
    right = f"{100 * exact:.0f} % of unseen sequences are right"
    return f"{right}; {name} attends to the answer most: {share}."


def _about_text(s: Snapshot, bits: float) -> str:
    if s.config.dataset == "names":
        lost = s.scores.moby - s.first.moby
        if s.step == 0 or lost < 0.05:
            return f"First names cost {bits:.2f} bits a character; the book is not forgotten yet."
        return f"First names cost {bits:.2f} bits now, and Moby-Dick {lost:.2f} more than before."
    if s.step == 0 and not s.config.from_scratch:
        return f"The shipped model: {bits:.2f} bits a character on held-out chapters."
    return f"{bits:.2f} bits a character on held-out chapters."


def _point(s: Snapshot, name: str, role: Role, value: float, width: float, label: str) -> Curve:
    """The point that this step adds to a curve."""
    xy = np.array([[s.step, value]], np.float32)
    return Curve(name, role, xy, width=width, label=label, grows=True)


def _top(s: Snapshot) -> float:
    usual = 3.2 if TASKS[s.config.dataset].answer else 4.2
    return max(usual, 1.05 * s.first.bits)
