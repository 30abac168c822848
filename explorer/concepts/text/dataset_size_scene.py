"""How much text it takes, as a picture: what is measured now, and beside it what was recorded."""

import numpy as np

from explorer.concepts.shared.charts import level
from explorer.concepts.text import record
from explorer.concepts.text.config import NETWORKS
from explorer.concepts.text.dataset_size import DatasetSizeSnapshot, crossover
from explorer.scene import Curve, Mark, Panel, Reading, Scene, Text


def dataset_size_scene(s: DatasetSizeSnapshot) -> Scene:
    """Bits on held-out text over the size of the training text."""
    panels = [_measured(s)]
    if s.config.base.dataset == "names":
        panels.append(_recorded(record.shipped()))
    readings = []
    if len(s.found):
        gap = float(s.found[-1, 2] - s.found[-1, 1])
        readings.append(
            Reading("network minus n-gram", gap, (0.0, 0.0), "as good as the n-gram", "bits", "low",
                    "On the largest part so far. Below zero the network is better.")
        )  # fmt: skip
    return Scene(panels, step=s.step, unit="part", readings=readings, sentence=_sentence(s))


def _measured(s: DatasetSizeSnapshot) -> Panel:
    small, large, least, most = s.limits.tolist()
    curves: list[Mark] = [
        Curve("best n-gram", "rival", s.found[:, [0, 1]].astype(np.float32), dashed=True),
        Curve(NETWORKS[s.config.network], "model", s.found[:, [0, 2]].astype(np.float32)),
    ]
    if np.isfinite(s.entropy):
        curves.append(Curve("entropy rate", "truth", level((small, large), s.entropy)))
    for number, size in enumerate(s.found[:, 0].tolist(), start=1):
        words = f"{size:,.0f}" if size < 1000 else f"{size / 1000:.3g}k"
        at = least + 0.03 * (most - least)
        curves.append(Text(f"size {number}", "neutral", (size, at), words))
    seconds = f"{s.config.base.seconds:g} CPU seconds"
    return Panel(
        "Loss on held-out text, measured now",
        curves,
        "chart",
        (small, large),
        (least, most),
        "training characters, each part twice the one before",
        "bits per character",
        log_x=True,
        span=1.3,
        caption=f"Training time: {seconds} "
        + ("for the whole text, a share for each part." if s.config.proportional
           else "on every part."),
    )  # fmt: skip


def _recorded(found: record.Record) -> Panel:
    """How many bits more than the n-gram the network needs: it is better where that is negative."""
    end = 1.05 * float(found.names[-1])

    def curve(name: str, bits: np.ndarray, dashed: bool) -> Curve:
        gaps = bits - found.ngram
        xy = np.stack([found.names, np.median(gaps, 0)], 1).astype(np.float32)
        band = np.stack([gaps.min(0), gaps.max(0)], 1).astype(np.float32)
        return Curve(name, "model", xy, dashed=dashed, band=band, label="")

    gaps = np.concatenate([found.equal_time, found.proportional_time]) - found.ngram
    return Panel(
        "LSTM minus best n-gram, recorded",
        [
            Curve("n-gram", "rival", level((0, end), 0.0), dashed=True),
            curve(f"LSTM, {record.SECONDS} s each", found.equal_time, False),
            curve("LSTM, equally many epochs", found.proportional_time, True),
        ],
        "chart",
        (0, end),
        (float(gaps.min()) - 0.05, float(gaps.max()) + 0.05),
        "first names in the training text",
        "bits per character",
        span=1.3,
        caption=f"Below the dashed line the LSTM is better. Median of {len(found.equal_time)} "
        "seeds; band: lowest to highest.",
    )


def _sentence(s: DatasetSizeSnapshot) -> str:
    if not len(s.found):
        return "Six parts of the text, the smallest first. Both models are trained anew on each."
    ahead = s.found[:, 2] <= s.found[:, 1]
    where = crossover(s.found)
    if where is not None:
        return f"From about {where:,.0f} characters on the network is better than the n-gram."
    if ahead.all():
        return "On every part so far the network is better."
    if not ahead.any():
        return "On every part so far the n-gram is better."
    most = s.found[ahead, 0].max()
    return (
        f"With {most:,.0f} characters the network is better; with more of them its training time "
        "was too short. Choose more training steps."
    )
