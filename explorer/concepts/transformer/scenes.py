"""What a run looks like: heads, what they find, the exam, and the answers."""

from textwrap import wrap

import numpy as np

from explorer.concepts.transformer import checkpoint
from explorer.concepts.transformer.panels import (
    guess_panel,
    heads_panel,
    lens_panel,
    map_panel,
    signs,
)
from explorer.concepts.transformer.tasks import TASKS
from explorer.concepts.transformer.train import Snapshot
from explorer.scene import Curve, Flow, Mark, Panel, Reading, Role, Scene, Text

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "guesses": "Answers",
    "lens": "Layer by layer",
    "map": "Map of symbols",
}
REACH, REACH_TEXT = 8.0, 7.6  # of the map of the symbols
LINE, LINES = 34, 7  # characters and lines of a sample


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    if view == "guesses":
        panels = [guess_panel(s.inside, s.config.dataset, span=2.0), heads_panel(s.inside)]
    elif view == "lens":
        panels = [lens_panel(s.inside, s.config.dataset)]
    elif view == "map":
        reach = REACH_TEXT if s.config.of_text else REACH
        panels = [map_panel(s.inside, s.config.dataset, reach), finds_panel(s)]
    else:
        return _overview(s)
    return Scene(panels, step=s.step, readings=readings(s), sentence=sentence(s))


def _overview(s: Snapshot) -> Scene:
    """From symbols to answers, and under it how it came about."""
    last = sample_panel(s) if s.config.of_text else right_panel(s)
    reach = REACH_TEXT if s.config.of_text else REACH
    return Scene(
        [
            map_panel(s.inside, s.config.dataset, reach),
            heads_panel(s.inside, named=not s.config.of_text),
            guess_panel(s.inside, s.config.dataset, every=2),
            finds_panel(s),
            bits_panel(s),
            last,
        ],
        step=s.step,
        rows=(3, 3),
        flows=[Flow(0, 1, "vectors"), Flow(1, 2, "what was found", "model")],
        readings=readings(s),
        sentence=sentence(s),
    )


def finds_panel(s: Snapshot) -> Panel:
    """How much each head looks at where the answer stands."""
    layers = s.finds.shape[1]
    best_layer, best_head = np.unravel_index(int(s.finds[-1].argmax()), s.finds[-1].shape)
    lines: list[Mark] = [Curve("all of it", "truth", _across(s, 1.0), label="")]
    for layer in range(layers):
        pieces = [_along(s, s.finds[:, layer, head]) for head in range(s.finds.shape[2])]
        role: Role = "neutral" if layer < layers - 1 else "model"
        name = f"heads of layer {layer + 1}"
        lines.append(Curve(name, role, np.concatenate(pieces), width=1, label=""))
    best = _along(s, s.finds[:, best_layer, best_head])[:-1]
    label = f"head {best_layer + 1}.{best_head + 1}"
    if s.config.of_text or s.config.dataset == "repeat":
        at, head = divmod(int(s.before[-1].argmax()), s.before.shape[2])
        line = _along(s, s.before[:, at, head])[:-1]
        lines.append(Curve("looks one back", "real", line, label=f"one back: {at + 1}.{head + 1}"))
    lines.append(Curve("best head", "rival", best, width=2.5, label=label))
    title = "Looks at the answer"
    caption = "Share of a head's attention on where the answer stands."
    if s.config.dataset == "repeat":
        caption = "Prefix matching: attention on what followed the same symbol before."
    if s.config.dataset not in TASKS:
        title = "Finds what came before"
        caption = "Random letters, repeated: attention on what came next."
    return Panel(title, lines, "chart", (0, s.config.steps), (0, 1.05), "step", caption=caption)


def bits_panel(s: Snapshot) -> Panel:
    """Bits per symbol in the exam, over the best there is."""
    lines: list[Mark] = []
    if np.isfinite(s.best):
        lines.append(Curve("best possible", "truth", _across(s, s.best)))
        top, caption = _top(s), f"Unseen sequences. The best guesses cost {s.best:.3g}."
    else:
        top, caption = 5.0, "Per character of held-out text; the n-gram learnt the same book."
        rival = _across(s, checkpoint.NGRAM_PIECES[s.config.dataset])
        lines.append(Curve("best n-gram", "rival", rival, dashed=True))
    if s.config.dataset == "names":
        lines.append(Curve("Moby-Dick", "neutral", s.curve[:, [0, 4]]))
        top, caption = 9.0, "Held-out names, and what becomes of the book that it knew."
    name = "first names" if s.config.dataset == "names" else "transformer"
    lines.append(Curve(name, "model", s.curve[:, [0, 1]]))
    return Panel("Bits per symbol", lines, "chart", (0, s.config.steps), (0, top), "step",
                 caption=caption)  # fmt: skip


def right_panel(s: Snapshot) -> Panel:
    """Share of sequences whose certain symbols are all right."""
    lines: list[Mark] = [
        Curve("perfect", "truth", _across(s, 1.0), label=""),
        Curve("all right", "model", s.curve[:, [0, 2]], label=""),
    ]
    return Panel("Right in the exam", lines, "chart", (0, s.config.steps), (0, 1.05), "step",
                 caption="Unseen sequences, every symbol right.")  # fmt: skip


def sample_panel(s: Snapshot) -> Panel:
    """What a text model writes by itself."""
    text = signs(s.sample).replace("·", " ")
    text = text.replace("¶", " ") if s.config.dataset == "names" else text
    lines = wrap(text, LINE)[:LINES] or ["…"]
    marks: list[Mark] = [
        Text(f"line {number + 1}", "model", (0.0, -float(number)), line)
        for number, line in enumerate(lines)
    ]
    return Panel(
        "What it writes",
        marks,
        "plane",
        (-5.5, 5.5),
        (0.7 - LINES, 0.7),
        caption="From nothing, symbol by symbol. ¶ is a line break.",
    )


def readings(s: Snapshot) -> list[Reading]:
    """Two or three numbers, each beside the best there is."""
    bits, right, other = float(s.curve[-1, 1]), float(s.curve[-1, 2]), float(s.curve[-1, 4])
    if not s.config.of_text:
        return [
            Reading("all right", 100 * right, (100.0, 100.0), "the perfect solution", "%", "high",
                    "Share of unseen sequences in which every certain symbol is right."),
            Reading("bits per symbol", bits, (s.best, s.best), "best possible guesses", "", "low",
                    "What the exam's symbols cost; the best possible is computed exactly."),
            Reading("best head looks at the answer", 100 * float(s.finds[-1].max()), (100.0, 100.0),
                    "a head that does nothing else", "%", "high",
                    "Attention of the best head on where the answer stands."),
        ]  # fmt: skip
    ngram = checkpoint.NGRAM_PIECES[s.config.dataset]
    found = [
        Reading("bits per character", bits, (ngram, ngram), "the best n-gram of the same text",
                help="On held-out text of this run's corpus."),
    ]  # fmt: skip
    if s.config.dataset == "names":
        known = float(s.curve[0, 4])
        found.append(Reading("Moby-Dick, bits", other, (known, known), "before it learnt names",
                             help="What fine-tuning forgets."))  # fmt: skip
    found.append(
        Reading("best head looks one back", 100 * float(s.before[-1].max()), (100.0, 100.0),
                "a head that does nothing else", "%", "neither",
                "Attention of the best head on the symbol just before.")
    )  # fmt: skip
    return found


def sentence(s: Snapshot) -> str:
    """What is seen, in words."""
    right, bits = float(s.curve[-1, 2]), float(s.curve[-1, 1])
    if s.config.of_text:
        return _about_text(s, bits)
    best = s.finds[-1]
    layer, head = np.unravel_index(int(best.argmax()), best.shape)
    where = f"head {layer + 1}.{head + 1}"
    share = f"{100 * best[layer, head]:.0f} %"
    if not s.config.causal and right < 0.9 and bits < 0.5 * s.curve[0, 1]:
        return (
            f"It reads the answer off the next place ({bits:.2f} bits), so it never learnt the "
            f"task: when it has to write, {right:.0%} are right."
        )
    if s.step == 0:
        return "Random weights: every head looks a little at everything."
    if right >= 0.99:
        return (
            f"Solved: {right:.1%} of unseen sequences are all right. Best finder: {where}, {share}."
        )
    if s.config.dataset == "repeat" and best[layer, head] > 0.4:
        return f"An induction head has formed: {where} has {share} of its attention on the answer."
    return (
        f"{right:.0%} of unseen sequences are all right; {where} looks at the answer most: {share}."
    )


def _about_text(s: Snapshot, bits: float) -> str:
    if s.config.dataset == "names":
        lost = float(s.curve[-1, 4] - s.curve[0, 4])
        if s.step == 0 or lost < 0.05:
            return f"First names cost {bits:.2f} bits a character; the book is still known."
        return f"First names cost {bits:.2f} bits now, and Moby-Dick {lost:.2f} more than before."
    if s.step == 0 and not s.config.fresh:
        return f"The shipped model: {bits:.2f} bits a character on chapters that it never saw."
    return f"{bits:.2f} bits a character on chapters that it never saw."


def _along(s: Snapshot, values: np.ndarray) -> np.ndarray:
    """Values over the steps, with a break at the end."""
    xy = np.stack([s.curve[:, 0], values], 1)
    return np.concatenate([xy, np.full((1, 2), np.nan, np.float32)]).astype(np.float32)


def _across(s: Snapshot, level: float) -> np.ndarray:
    return np.array([[0, level], [s.config.steps, level]], np.float32)


def _top(s: Snapshot) -> float:
    return 3.2 if TASKS[s.config.dataset].answer else 4.2
