"""A stronger watermark is easier to detect and changes the text more: for each bias delta."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from explorer import config as c
from explorer.concepts.ethics.measure import LEVEL, p_values
from explorer.concepts.ethics.train import Model
from explorer.concepts.ethics.watermark import Watermark, write
from explorer.concepts.shared.percent import percent
from explorer.scene import Curve, Mark, Panel, Points, Reading, Scene, Text, frozen

DELTAS = np.arange(0.0, 6.5, 0.5)


@dataclass(frozen=True)
class TradeOffConfig:
    """The length of the texts that are tested."""

    length: int = c.integer(25, 10, 200, 5, unit="tokens")
    texts: int = 200

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "texts", 2, 2000)


@dataclass(frozen=True, eq=False)
class TradeOffSnapshot:
    """Bias number `step` of DELTAS; at the end Gumbel."""

    step: int
    length: int
    deltas: np.ndarray  # (step,) so far
    found: np.ndarray  # (step, 3): cost in bits a token, share detected, mean z
    gumbel: np.ndarray  # (3,) the same; its cost is 0 on average over keys


def compare_bias(config: TradeOffConfig, model: Model) -> Generator[TradeOffSnapshot, None, None]:
    """Write and test texts with a larger and larger bias."""
    gumbel = frozen(measured(model, replace(model.mark, scheme="gumbel"), config))
    found: list[np.ndarray] = []
    for step in range(len(DELTAS) + 1):
        if step:
            mark = replace(model.mark, scheme="green", delta=float(DELTAS[step - 1]))
            found.append(measured(model, mark, config))
        yield TradeOffSnapshot(step, config.length, frozen(DELTAS[:step]),
                              frozen(np.array(found).reshape(-1, 3)), gumbel)  # fmt: skip


def measured(model: Model, mark: Watermark, config: TradeOffConfig) -> np.ndarray:
    """Cost in bits a token, share detected, mean z of texts with this watermark."""
    rng = np.random.default_rng(model.config.seed)
    *_, texts = write(model.language, config.texts, config.length, mark, rng)
    total, counted = (mark.scores(texts.u) * texts.counted).sum(1), texts.counted.sum(1)
    found = p_values(total, counted, mark) <= LEVEL
    return np.array([texts.cost.mean(), found.mean(), mark.z(total, counted).mean()])


def trade_off_scene(s: TradeOffSnapshot) -> Scene:
    """Detected share over the cost; each point is a bias."""
    xy = np.stack([s.found[:, 0], 100 * s.found[:, 1]], 1).astype(np.float32)
    gumbel = np.array([[0.0, 100 * s.gumbel[1]]], np.float32)
    marks: list[Mark] = [
        Curve("green list", "model", frozen(xy), label=""),
        Points("each bias δ", "model", frozen(xy), size=4, opacity=1.0),
        Points("Gumbel", "rival", gumbel, size=5, opacity=1.0, shape="square"),
        Text("Gumbel, here", "rival", (0.12, float(gumbel[0, 1]) - 5), "Gumbel"),
        *(Text(f"δ {delta:g}", "neutral", (float(x), float(y) + 5), f"δ {delta:g}")
          for delta, (x, y) in list(zip(s.deltas, xy))[2::2]),
    ]  # fmt: skip
    panel = Panel(
        f"Detection after {s.length} tokens", marks, "chart", (-0.02, 1.6), (0.0, 108.0),
        "KL divergence from the model without watermark, bits a token", "texts detected, %",
        caption="To the right the text differs more from what the model would write.",
    )  # fmt: skip
    readings = [
        Reading("Gumbel detected", 100 * float(s.gumbel[1]), (100 * LEVEL, 100 * LEVEL), "chance",
                "%", "high", "Without any cost on average over keys.")
    ]  # fmt: skip
    if not s.step:
        sentence = "The bias δ grows from zero."
    else:
        cost, share = float(s.found[-1, 0]), float(s.found[-1, 1])
        sentence = (
            f"A bias of {s.deltas[-1]:g} moves the distribution by {cost:.2g} bits a token, and "
            f"{percent(share)} of the texts of {s.length} tokens are detected. Gumbel: "
            f"{percent(float(s.gumbel[1]))}, and on average over keys nothing moves."
        )
    return Scene([panel], step=s.step, unit="bias", readings=readings, sentence=sentence)
