"""What a run looks and sounds like: the loss, and melodies as piano rolls."""

import numpy as np

from explorer.concepts.music import measure
from explorer.concepts.music.roll import Part, heard, roll
from explorer.concepts.music.train import Snapshot
from explorer.concepts.shared.charts import level
from explorer.scene import Curve, Mark, Panel, Reading, Scene

VIEWS: dict[str, str] = {"overview": "Overview", "orders": "n-grams by order"}
BEATS = 32.0
WIDE = 2.1


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    chart = orders_panel(s) if view == "orders" else loss_panel(s)
    own = roll(
        "Sample of the LSTM", [Part("LSTM", "model", s.own.notes)], BEATS,
        expected=s.own.expected, span=WIDE,
        caption="Lines: the melody. Shaded: how probable each pitch was before the note came.",
    )  # fmt: skip
    gram = roll(
        f"Sample of the {s.baseline.order}-gram", [Part("n-gram", "rival", s.ngram.notes)], BEATS,
        span=WIDE, caption="Counted, not trained. Does it lead anywhere?",
    )  # fmt: skip
    real = roll(
        "Held-out melody", [Part("melody", "real", s.real.notes)], BEATS,
        expected=s.real.expected, span=WIDE,
        caption="A melody that was never seen. Shaded: what the LSTM expects.",
    )  # fmt: skip
    sounds = [
        heard("LSTM", "model", s.own.notes, panel=1),
        heard("n-gram", "rival", s.ngram.notes, panel=3),
        heard("held-out melody", "real", s.real.notes, panel=2),
    ]
    return Scene(
        [chart, own, real, gram], step=s.step, rows=(2, 2), readings=readings(s),
        sentence=sentence(s), sounds=sounds,
    )  # fmt: skip


def loss_panel(s: Snapshot) -> Panel:
    """Bits a note on held-out melodies over the run."""
    known, end = s.baseline, s.config.steps
    now = np.array([[s.step, bits(s)]], np.float32)
    marks: list[Mark] = [
        Curve("uniform", "neutral", level((0, end), known.uniform), width=1),
        Curve(f"{known.order}-gram", "rival", level((0, end), known.best), dashed=True),
        Curve("batch", "neutral", np.array([[s.step, s.loss]], np.float32), width=1, label="",
              grows=True),
        Curve("LSTM", "model", now, width=2.5, grows=True),
    ]  # fmt: skip
    return Panel(
        "Loss on held-out melodies", marks, "chart", (0, end), limits(s), "training step",
        "bits a note", span=1.4, caption="Lower is better. Grey: the training batch.",
    )  # fmt: skip


def orders_panel(s: Snapshot) -> Panel:
    """Bits a note of n-grams by their order."""
    orders = s.baseline.orders
    curve = np.stack([np.arange(1, len(orders) + 1), orders], axis=1).astype(np.float32)
    marks: list[Mark] = [
        Curve("n-gram", "rival", curve),
        Curve("LSTM", "model", level((1, len(orders)), bits(s)), dashed=True),
    ]
    return Panel(
        "n-grams by order", marks, "chart", (1, len(orders)), limits(s),
        "order: the note and those before", "bits a note", span=1.4,
        caption="A longer context says more, but was seen less often.",
    )  # fmt: skip


def limits(s: Snapshot) -> tuple[float, float]:
    """From under the best n-gram to over the uniform distribution."""
    return float(np.floor(2 * (s.baseline.best - 0.6)) / 2), s.baseline.uniform + 0.4


def bits(s: Snapshot) -> float:
    """Bits a note of the LSTM."""
    return measure.per_note(s.cost, s.config.dataset)


def readings(s: Snapshot) -> list[Reading]:
    """The LSTM beside the n-gram, and copies beside those of real melodies."""
    known = s.baseline
    return [
        Reading("LSTM", bits(s), (known.best, known.best), f"best n-gram (order {known.order})",
                "bits a note", "low",
                "Average of minus log2 p of the true next note, on 44 melodies held out."),
        Reading("best n-gram", known.best, (0.0, known.uniform), "uniform distribution",
                "bits a note", "low", "Modified Kneser-Ney, the best of orders 1 to 6."),
        Reading("longest copied run", s.runs, known.runs, "held-out melodies, middle half",
                "notes", "neither",
                "Notes in a row that occur in one training melody, median of 16 samples."),
    ]  # fmt: skip


def sentence(s: Snapshot) -> str:
    """Who is better, and whether that is more than the melodies' own variation."""
    known = s.baseline
    if s.step == 0:
        return (
            f"Before training every note is a surprise: {bits(s):.2f} bits a note. "
            f"Counting alone needs {known.best:.2f}."
        )
    ahead, error = measure.gain(s.cost, known.cost, s.config.dataset)
    gap = f"{abs(ahead):.2f} bits a note (standard error {error:.2f})"
    if abs(ahead) < 2 * error:
        return f"The LSTM and the {known.order}-gram differ by {gap}, which may be chance."
    better, worse = ("LSTM", f"{known.order}-gram")[:: 1 if ahead > 0 else -1]
    return f"The {better} is better than the {worse} by {gap}."
