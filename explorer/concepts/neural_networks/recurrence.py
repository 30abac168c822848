r"""Recurrence: a hidden state that is updated by every symbol, here one that learns to count.

    h_t = f(h_{t-1} W + x_t U + b),   output_t = h_t V + c

The input is a sequence of a and b; the output should be the number of a minus the number of b so
far. A linear network can do this exactly: a state that keeps itself (eigenvalue 1) and adds the
input. Trained on short sequences, it is tested on longer ones.

Elman (1990), Finding Structure in Time, https://doi.org/10.1207/s15516709cog1402_1
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from explorer import config as c
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.finite import finite
from explorer.config import frame_steps
from explorer.nets import freeze, generator, linear
from explorer.optim import Adam, cosine
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, frozen

BATCH, TESTED, FRAMES = 64, 200, 40
ACTIVATIONS: dict[str, str] = {"linear": "linear", "tanh": "tanh"}
UNIT_ROLES: tuple[Role, ...] = ("model", "rival", "real", "neutral")
TIMES = 3  # how much longer the tested sequences are


@dataclass(frozen=True)
class Recurrence:
    """A recurrent network, and how long the sequences are that it is trained on."""

    state_activation: str = c.choice("linear", ACTIVATIONS)
    state_units: int = c.integer(4, 1, 8)
    length: int = c.integer(16, 4, 30)
    steps: int = c.steps(600, 3000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What the network makes of one long sequence, and its errors, after `step` updates."""

    step: int
    config: Recurrence
    symbols: np.ndarray  # (t,) 1 for a, -1 for b
    count: np.ndarray  # (t,) exact
    output: np.ndarray  # (t,)
    states: np.ndarray  # (t, units)
    errors: np.ndarray  # (t,) root mean square over TESTED sequences
    eigenvalue: float  # largest modulus, of the map from state to state around 0
    within: float  # root mean square error up to the length of training


class RecurrentNetwork(nn.Module):
    """The simplest one (Elman's)."""

    def __init__(self, units: int, activation: str, rng: torch.Generator) -> None:
        super().__init__()
        self.inward, self.across = linear(1, units, rng), linear(units, units, rng)
        self.outward, self.units = linear(units, 1, rng), units
        self.function = torch.tanh if activation == "tanh" else nn.Identity()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs (n, t) and states (n, t, units) of sequences x (n, t) of +1 and -1."""
        h, states = torch.zeros(len(x), self.units), []
        given = self.inward(x[:, :, None])
        for t in range(x.shape[1]):
            h = self.function(self.across(h) + given[:, t])
            states.append(h)
        every = torch.stack(states, 1)
        return self.outward(every)[:, :, 0], every


def sequences(n: int, length: int, rng: torch.Generator) -> Tensor:
    """Random symbols (n, length): +1 for a, -1 for b."""
    return 2.0 * torch.randint(2, (n, length), generator=rng) - 1


def recurrence(config: Recurrence) -> Generator[Snapshot, None, None]:
    """Backpropagation through time."""
    rng = generator(config.seed)
    network = RecurrentNetwork(config.state_units, config.state_activation, rng)
    optimiser = Adam(network.parameters(), 0.02)
    test = sequences(TESTED, TIMES * config.length, generator(config.seed + 1))
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        x = sequences(BATCH, config.length, rng)
        output, _ = network(x)
        loss = ((output - x.cumsum(1)) ** 2).mean()
        finite(loss.item(), step)
        if step in shown:
            yield record(config, step, network, test)
        optimiser.descend(loss, cosine(step, config.steps, 0.02))


@torch.no_grad()
def record(config: Recurrence, step: int, network: RecurrentNetwork, test: Tensor) -> Snapshot:
    """One sequence in detail, all others by their errors."""
    output, states = network(test)
    exact = test.cumsum(1)
    errors = ((output - exact) ** 2).mean(0).sqrt().clamp(max=1e6)
    eigenvalues = torch.linalg.eigvals(network.across.weight)
    return Snapshot(
        step=step,
        config=config,
        symbols=freeze(test[0]),
        count=freeze(exact[0]),
        output=freeze(output[0].clamp(-1e6, 1e6)),
        states=freeze(states[0].clamp(-1e6, 1e6)),
        errors=freeze(errors),
        eigenvalue=float(eigenvalues.abs().amax()),
        within=float((errors[: config.length] ** 2).mean().sqrt()),
    )


def recurrence_scene(s: Snapshot) -> Scene:
    """Output and states over one sequence; the error by position; the eigenvalue over training."""
    t = np.arange(1, len(s.count) + 1)
    length, ends = s.config.length, (1.0, float(len(t)))
    high = float(np.abs(s.count).max()) + 3

    def line(values: np.ndarray) -> np.ndarray:
        return frozen(np.stack([t, np.clip(values, -1e6, 1e6)], 1).astype(np.float32))

    edge = Curve("trained so far", "neutral",
                 np.array([[length, -high], [length, high]], np.float32), dashed=True, width=1,
                 label="end of training length")  # fmt: skip
    output = Panel(
        "Count: a minus b",
        [Curve("exact", "truth", line(s.count)), Curve("output", "model", line(s.output)), edge],
        "chart", ends, (-high, high), "symbol", "count",
        caption="One sequence; the network was trained on its first part's length only.",
    )  # fmt: skip
    marks: list[Mark] = [
        Curve(f"unit {k + 1}", UNIT_ROLES[k % 4], line(s.states[:, k]), dashed=k >= 4, label="")
        for k in range(s.states.shape[1])
    ]
    limit = (-1.05, 1.05) if s.config.state_activation == "tanh" else None
    states = Panel("Hidden state", marks, "chart", ends, limit, "symbol", "output of a unit",
                   caption="What the network carries from symbol to symbol.")  # fmt: skip
    errors = Panel(
        "Error by position",
        [
            Curve("error", "model", line(np.maximum(s.errors, 1e-4)), label=""),
            Curve("training length", "neutral", np.array([[length, 1e-3], [length, 1e2]],
                  np.float32), dashed=True, width=1, label="training length"),
        ],
        "chart", ends, (1e-3, 1e2), "symbol", "error", log_y=True,
        caption=f"Over {TESTED} new sequences, {TIMES} times as long as in training.",
    )  # fmt: skip
    steps = (0.0, float(s.config.steps))
    memory = Panel(
        "Largest eigenvalue of the recurrence",
        [
            Curve("exact counter", "truth", level(steps, 1.0)),
            Curve("network", "model", point(s.step, s.eigenvalue), grows=True),
        ],
        "chart", steps, (0.0, 3.0), "training step", "modulus",
        caption="Around state 0. At 1 it is kept, below forgotten, above it explodes.",
    )  # fmt: skip
    readings = [
        Reading("error within the training length", s.within, (0.0, 0.0), "exact counter",
                help="Root mean square over new sequences."),
        Reading("error at the last symbol", float(s.errors[-1]), (0.0, 0.0), "exact counter",
                help=f"After {len(t)} symbols; training sequences had {length}."),
    ]  # fmt: skip
    text = (
        f"After {s.step} updates the count is off by {s.within:.2g} within the length of training "
        f"and by {s.errors[-1]:.2g} at {TIMES} times that length."
    )
    return Scene([output, states, errors, memory], s.step, (2, 2), (), readings, text)
