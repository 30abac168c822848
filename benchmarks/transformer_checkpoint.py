"""`python -m benchmarks.transformer_checkpoint`: train the text model that the page ships.

Moby-Dick, every character of it, without the held-out chapters. Hidden matrices learn by
Muon, which makes every update of a matrix equally large in all directions; the rest by Adam. The
learning rate is constant, then falls to zero over the last part. About 18 CPU minutes of one
thread where bfloat16 is fast. Every 250 steps the state is stored, so that a run can be resumed;
that of the shipped model was, once, at step 1750. What dropout leaves out after that, and the last
digits anywhere, differ from those of a run in one piece.

Jordan (2024), Muon, https://kellerjordan.github.io/posts/muon/
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import torch
from torch import Tensor, nn
from torch.nn import functional

from explorer.concepts.shared.transformer import Transformer
from explorer.concepts.transformer.checkpoint import FILE, SHAPE, save
from explorer.concepts.transformer.measure import bits
from explorer.data.text import load
from explorer.nets import generator
from explorer.optim import Adam

STATE = Path(gettempdir()) / "transformer_checkpoint.pt"


@dataclass(frozen=True)
class Recipe:
    """How the shipped model was trained."""

    steps: int = 2300
    fall: int = 1750  # the step from which the learning rate falls
    batch: int = 32
    matrix_learning_rate: float = 0.02
    learning_rate: float = 4e-3
    decay: float = 0.05
    dropout: float = 0.1
    seed: int = 0


class Muon:
    """Momentum, made orthogonal: five steps of a polynomial push all singular values near 1."""

    def __init__(self, matrices: list[nn.Parameter], learning_rate: float, decay: float) -> None:
        self.matrices, self.learning_rate, self.decay = matrices, learning_rate, decay
        self.momentum = [torch.zeros_like(matrix) for matrix in matrices]

    @torch.no_grad()
    def step(self) -> None:
        for matrix, momentum in zip(self.matrices, self.momentum):
            assert matrix.grad is not None
            momentum.lerp_(matrix.grad, 0.05)
            ahead = torch.lerp(matrix.grad, momentum, 0.95)
            rows, columns = matrix.shape
            matrix.mul_(1 - self.learning_rate * self.decay)
            size = max(1.0, rows / columns) ** 0.5
            matrix.add_(orthogonal(ahead), alpha=-self.learning_rate * size)
            matrix.grad = None


def orthogonal(g: Tensor) -> Tensor:
    """The nearest matrix whose singular values are all about 1 (Newton-Schulz)."""
    x = g.bfloat16() / (g.norm() + 1e-7)
    wide = x if x.shape[0] <= x.shape[1] else x.T
    for _ in range(5):
        square = wide @ wide.T
        wide = 3.4445 * wide + (-4.775 * square + 2.0315 * square @ square) @ wide
    return (wide if x.shape[0] <= x.shape[1] else wide.T).float()


def train(recipe: Recipe) -> Transformer:
    """Train from scratch; says every few hundred steps how far it is."""
    rng = generator(recipe.seed)
    torch.manual_seed(recipe.seed)  # of the dropout, which compiled code draws by itself
    book = load("moby_cased")
    text = book.train
    net = Transformer(SHAPE, rng)
    hidden = [p for p in net.layers.parameters() if p.ndim == 2]
    rest = [p for p in net.parameters() if all(p is not other for other in hidden)]
    muon, adam = (
        Muon(hidden, recipe.matrix_learning_rate, recipe.decay),
        Adam(rest, recipe.learning_rate),
    )
    fast = torch.compile(net)
    start, spent = 0, 0.0
    if STATE.exists():
        saved = torch.load(STATE, weights_only=True)
        start, spent = saved["step"], saved["seconds"]
        net.load_state_dict(saved["net"])
        muon.momentum, adam.mean, adam.square = saved["muon"], saved["mean"], saved["square"]
        adam.count = start
        rng.set_state(saved["rng"])
    began = time.thread_time()
    for step in range(start, recipe.steps):
        share = min(1.0, (recipe.steps - step) / (recipe.steps - recipe.fall), (step + 1) / 100)
        muon.learning_rate, adam.rate = (
            share * recipe.matrix_learning_rate,
            share * recipe.learning_rate,
        )
        rows = torch.randint(len(text) - SHAPE.context, (recipe.batch, 1), generator=rng)
        window = text[rows + torch.arange(SHAPE.context + 1)]
        with torch.autocast("cpu", torch.bfloat16):
            logits = fast(window[:, :-1], dropout=lambda x: functional.dropout(x, recipe.dropout))
        loss = functional.cross_entropy(logits.float().flatten(0, 1), window[:, 1:].flatten())
        adam.zero_grad()
        loss.backward()
        adam.step()
        muon.step()
        done = step + 1
        if done % 250 == 0:
            seconds = spent + time.thread_time() - began
            held_out = bits(net, book.held_out[:10_000])
            print(f"{done}: {seconds:.0f} s, held-out {held_out:.4f} bits", flush=True)
            torch.save(
                {"step": done, "seconds": seconds, "net": net.state_dict(), "muon": muon.momentum,
                 "mean": adam.mean, "square": adam.square, "rng": rng.get_state()},
                STATE,
            )  # fmt: skip
    return net


def main() -> None:
    recipe = Recipe(*map(int, sys.argv[1:3]))
    net = train(recipe)
    save(net, FILE)
    print(f"{recipe}: held-out {bits(net, load('moby_cased').held_out):.4f} bits per character")


if __name__ == "__main__":
    main()
