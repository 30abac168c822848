"""How much text it takes, as a picture: what is measured now, and beside it what was recorded."""

import numpy as np

from explorer.concepts.text import record
from explorer.concepts.text.config import RUNGS
from explorer.concepts.text.look import level
from explorer.concepts.text.sizes import SizesSnapshot, flip
from explorer.scene import Curve, Mark, Panel, Reading, Scene, Text


def sizes_scene(s: SizesSnapshot) -> Scene:
    """Bits on unseen text over the size of the training text."""
    panels = [_measured(s)]
    if s.config.base.dataset == "names":
        panels.append(_recorded(record.shipped()))
    readings = []
    if len(s.found):
        gap = float(s.found[-1, 2] - s.found[-1, 1])
        readings.append(
            Reading("network minus n-gram", gap, (0.0, 0.0), "as good as counting", "bits", "low",
                    "On the largest part so far. Below zero the network is better.")
        )  # fmt: skip
    return Scene(panels, step=s.step, unit="part", readings=readings, sentence=_sentence(s))


def _measured(s: SizesSnapshot) -> Panel:
    small, large, least, most = s.limits.tolist()
    name = RUNGS[s.config.rung]
    curves: list[Mark] = [
        Curve("best n-gram", "rival", s.found[:, [0, 1]].astype(np.float32), dashed=True),
        Curve(name, "model", s.found[:, [0, 2]].astype(np.float32)),
    ]
    if np.isfinite(s.entropy):
        curves.append(Curve("entropy rate", "truth", level(s.entropy, large, small)))
    for number, size in enumerate(s.found[:, 0].tolist(), start=1):
        words = f"{size:,.0f}" if size < 1000 else f"{size / 1000:.3g}k"
        at = least + 0.03 * (most - least)
        curves.append(Text(f"size {number}", "neutral", (size, at), words))
    seconds = f"{s.config.base.seconds:g} CPU seconds"
    return Panel(
        "Now: bits per character, unseen text",
        curves,
        "chart",
        (small, large),
        (least, most),
        "characters learnt from, each part twice the one before",
        log_x=True,
        span=1.3,
        caption=f"The network learnt for {seconds}: "
        + ("all of the text, and parts for their share." if s.config.by_size else "every part."),
    )


def _recorded(found: record.Record) -> Panel:
    """How many bits more than counting the network needs: where it meets zero, the order flips."""
    end = 1.05 * float(found.names[-1])

    def curve(name: str, label: str, bits: np.ndarray, dashed: bool) -> Curve:
        gaps = bits - found.counted
        xy = np.stack([found.names, np.median(gaps, 0)], 1).astype(np.float32)
        band = np.stack([gaps.min(0), gaps.max(0)], 1).astype(np.float32)
        return Curve(name, "model", xy, dashed=dashed, band=band, label=label)

    gaps = np.concatenate([found.same, found.share]) - found.counted
    return Panel(
        "Recorded: LSTM minus best n-gram, bits",
        [
            Curve("n-gram", "rival", level(0.0, end), dashed=True),
            curve(f"LSTM, {record.SECONDS} s each", f"{record.SECONDS} s each", found.same, False),
            curve("LSTM, read equally often", "equally often", found.share, True),
        ],
        "chart",
        (0, end),
        (float(gaps.min()) - 0.05, float(gaps.max()) + 0.05),
        "first names learnt from",
        span=1.3,
        caption=f"Below the line the network is better. Median of {len(found.same)} seeds, from "
        "lowest to highest; measured before.",
    )


def _sentence(s: SizesSnapshot) -> str:
    if not len(s.found):
        return "Six parts of the text, the smallest first. Each teaches both from nothing."
    ahead = s.found[:, 2] <= s.found[:, 1]
    where = flip(s.found)
    if where is not None:
        return f"The order flips near {where:,.0f} characters: from there the network is ahead."
    if ahead.all():
        return "On every part so far the network is ahead."
    if not ahead.any():
        return "On every part so far counting is ahead: the order has not flipped."
    most = s.found[ahead, 0].max()
    return (
        f"With {most:,.0f} characters the network is ahead; to learn more of them than that, "
        "its time was too short. Choose more training steps."
    )
