"""Step by step: one update of the discriminator or of the generator, before and after."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.gan.config import Config
from explorer.concepts.gan.record import ARROWS, accuracy, histogram
from explorer.concepts.gan.scene_common import OUTPUTS
from explorer.concepts.gan.train import CHECKPOINTS, Model
from explorer.concepts.shared.adversarial.measure import output_scale
from explorer.concepts.shared.adversarial.model import GAN
from explorer.concepts.shared.adversarial.panels import (
    CELLS,
    FAKE,
    REAL,
    along,
    arrows,
    cells,
    cloud,
    discriminator_field,
    plane_panel,
)
from explorer.nets import freeze
from explorer.scene import Arrows, Bars, Curve, Field, Flow, Mark, Panel, Points, Role, Scene

POINTS = 200  # of the batch that are shown
UPDATES = 12
DRAWN = 0.25  # length that the typical move is drawn with
FACTORS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Steps:
    """Which run, from which tenth of it, and how many updates."""

    train: Config = field(default_factory=Config)
    start: int = c.choice(1, {tenth: f"{10 * tenth} %" for tenth in range(CHECKPOINTS)})
    updates: int = UPDATES

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "updates", 1, 100)
        if self.train.of_images:
            raise ValueError(
                "train must be about points in the plane, whose changes can be seen. "
                f"Got {self.train.dataset} instead."
            )


@dataclass(frozen=True, eq=False)
class Update:
    """One update, before (`done` is false) or after it, on one batch that stays the same."""

    step: int  # frames so far
    train_step: int
    config: Config
    network: Literal["discriminator", "generator"]
    done: bool
    real: np.ndarray  # (POINTS, 2)
    before: np.ndarray  # (POINTS, 2) fake
    after: np.ndarray  # (POINTS, 2) the same noise, after the update
    gradient: np.ndarray  # (POINTS, 2) minus that of the generator's loss
    output: np.ndarray  # (CELLS, CELLS) D(x) now
    change: np.ndarray  # (CELLS, CELLS) of D(x) by this update
    scale: float  # largest change of D(x) in the first update of the discriminator
    magnified: int  # how many times too long moves are drawn
    histogram_real: tuple[np.ndarray, np.ndarray]  # before and after, (BINS,) each
    histogram_fake: tuple[np.ndarray, np.ndarray]
    mean_fake: tuple[float, float]  # mean D(x) of the fake samples, before and after
    accuracy: tuple[float, float]
    d_loss: tuple[float, float]
    g_loss: tuple[float, float]


def step_by_step(config: Steps, model: Model) -> Generator[Update, None, None]:
    """Take training up again where `config.start` says, one update at a time."""
    gan = GAN(config.train)
    gan.restore(model.checkpoints[min(config.start, len(model.checkpoints) - 1)])
    recorder = _Recorder(gan, config.train)
    for _ in range(config.updates):
        yield from recorder.update()


class _Recorder:
    """Makes single updates and notes what each changed."""

    def __init__(self, gan: GAN, config: Config) -> None:
        self.gan, self.config = gan, config
        self.updates, self.frames, self.scale, self.magnified = 0, 0, 0.0, 0
        self.real, self.noise = gan.real.next(), gan.noise.next()
        with torch.no_grad():
            fake = gan.generator(self.noise)
            outputs = (gan.discriminator(x)[:, 0] for x in (self.real, fake))
            self.zero = output_scale(gan.loss, *outputs)

    def update(self) -> list[Update]:
        """The next update, as it stands before and after."""
        gan, phase = self.gan, self.updates % (self.config.d_updates + 1)
        of_discriminator = phase < self.config.d_updates
        if self.updates:
            self.real, self.noise = gan.real.next(), gan.noise.next()
        with torch.no_grad():
            acts = gan.generator.activations(self.noise)
            old = self._state(acts[-1])
            gradient = -gan.sample_gradient(acts[-1][:POINTS], self.real[:POINTS])
            gan.set_learning_rates()
            if of_discriminator:
                gan.discriminator_update(self.real, acts[-1])
            else:
                gan.generator_update(acts, self.real)
                gan.step += 1
            self.updates += 1
            new = self._state(gan.generator(self.noise))
        moved = new.fake[:POINTS] - old.fake[:POINTS]
        if of_discriminator and not self.scale:
            self.scale = max(1e-6, (new.output - old.output).abs().amax().item())
        if not of_discriminator and not self.magnified:
            typical = moved.norm(dim=1).median().item() + 1e-9
            self.magnified = max((n for n in FACTORS if n * typical <= DRAWN), default=1)
        frames = []
        for done in (False, True):
            now = new if done else old
            frames.append(
                Update(
                    step=self.frames,
                    train_step=gan.step,
                    config=self.config,
                    network="discriminator" if of_discriminator else "generator",
                    done=done,
                    real=freeze(self.real[:POINTS]),
                    before=freeze(old.fake[:POINTS]),
                    after=freeze(now.fake[:POINTS]),
                    gradient=freeze(gradient),
                    output=freeze(now.output),
                    change=freeze(now.output - old.output),
                    scale=self.scale or 0.1,
                    magnified=self.magnified or 1,
                    **{name: (old.figures[name], now.figures[name]) for name in old.figures},
                )
            )
            self.frames += 1
        return frames

    def _state(self, fake: Tensor) -> "_State":
        gan, loss, (centre, spread) = self.gan, self.gan.loss, self.zero
        pair = {"real": gan.discriminator(self.real)[:, 0], "fake": gan.discriminator(fake)[:, 0]}
        at_real, at_fake = (loss.probability((d - centre) / spread) for d in pair.values())
        output = loss.probability((gan.discriminator(cells()) - centre) / spread)
        figures = {
            "histogram_real": histogram(at_real),
            "histogram_fake": histogram(at_fake),
            "mean_fake": at_fake.mean().item(),
            "accuracy": accuracy(at_real, at_fake),
            "d_loss": loss.discriminator(**pair).mean().item(),
            "g_loss": loss.generator(**pair).mean().item(),
        }
        return _State(fake, output.view(CELLS, CELLS), figures)


@dataclass(frozen=True, eq=False)
class _State:
    fake: Tensor
    output: Tensor
    figures: dict[str, Any]


def step_scene(s: Update) -> Scene:
    """One update: the batch, D(x) on it, both losses, and what the update changed."""
    role: Role = "rival" if s.network == "discriminator" else "model"
    flows = (
        Flow(0, 1, "batch", active=not s.done),
        Flow(1, 2, "loss", "rival", active=not s.done),
        Flow(2, 3, "update", role, active=s.done),
    )
    panels = [_batch(s), _histograms(s), _losses(s), _changed(s)]
    return Scene(panels, step=s.step, flows=flows, sentence=sentence(s), unit="frame")


def _batch(s: Update) -> Panel:
    marks: list[Mark] = [
        discriminator_field("D(x)", s.output),
        cloud(REAL, "real", s.real),
        cloud(FAKE, "model", s.after),
    ]
    title = "The batch"
    if s.network == "discriminator":
        return plane_panel(title, marks, "The discriminator is updated on this batch.", not s.done)
    if s.done:
        return plane_panel(title, marks, "The same noise after the update.")
    marks.append(arrows(s.before[:ARROWS], s.gradient[:ARROWS]))
    caption = "Arrows: minus the gradient of the generator's loss at each sample."
    return plane_panel(title, marks, caption, True)


def _histograms(s: Update) -> Panel:
    marks: list[Mark] = [
        Bars(REAL, "real", s.histogram_real[1], OUTPUTS),
        Bars(FAKE, "model", s.histogram_fake[1], OUTPUTS),
    ]
    if s.done:
        before = (
            (f"{REAL} before", -0.2, s.histogram_real[0]),
            (f"{FAKE} before", 0.2, s.histogram_fake[0]),
        )
        marks += [
            Curve(name, "neutral", along(np.arange(len(share)) + shift, share), width=1, label="")
            for name, shift, share in before
        ]
    return Panel(
        "Histogram of D(x)",
        marks,
        kind="chart",
        xlim=None,
        ylim=(0, 1),
        xlabel="D(x): 0 fake, 1 real",
        ylabel="share of samples",
        caption="Grey lines: before the update." if s.done else "On this batch.",
        active=not s.done,
    )


def _losses(s: Update) -> Panel:
    updates = np.array(s.step // 2 + s.done)
    new = slice(0, 1 if s.done or not s.step else 0)  # of the first batch, and of every update
    return Panel(
        "Losses",
        [
            Curve("discriminator", "rival", along(updates, np.array(s.d_loss[1]))[new], grows=True),
            Curve("generator", "model", along(updates, np.array(s.g_loss[1]))[new], grows=True),
        ],
        kind="chart",
        xlim=(0, UPDATES),
        ylim=None,
        xlabel="update",
        ylabel="loss",
        caption="Each on the batch of its update.",
        active=not s.done,
    )


def _changed(s: Update) -> Panel:
    title = "What the update changed"
    if s.network == "discriminator":
        meaning = f"D(x) lower by {s.scale:.2g} | higher by {s.scale:.2g}"
        field = Field("change of D(x)", s.change, -s.scale, s.scale, meaning=meaning)
        caption = "Where D(x) rose and where it fell." if s.done else "Nothing yet."
        return plane_panel(title, [field, cloud(FAKE, "model", s.before, True)], caption, s.done)
    moves = (s.after - s.before) * s.magnified
    caption = "The move of each sample, at its true length."
    if not s.done:
        caption = "Nothing yet."
    elif s.magnified > 1:
        caption = f"The move of each sample, drawn {s.magnified} times as long."
    marks: list[Mark] = [
        Points("before", "neutral", s.before, size=2, shape="ring"),
        Arrows("move", "model", s.before, moves),
    ]
    return plane_panel(title, marks, caption, s.done)


def sentence(s: Update) -> str:
    """What happens in this frame."""
    opening, size = f"Training step {s.train_step}.", s.config.batch
    if s.network == "discriminator" and not s.done:
        return (
            f"{opening} Next: an update of the discriminator. Of {size} real and {size} fake "
            f"samples it classifies {s.accuracy[0]:.0%} correctly."
        )
    if s.network == "discriminator":
        before, after = s.d_loss
        word = "fell" if after < before else "rose (momentum, penalty or a large learning rate)"
        return (
            f"{opening} The discriminator was updated: on this batch its loss {word} from "
            f"{before:.3f} to {after:.3f}. The generator did not change."
        )
    if not s.done:
        return (
            f"{opening} Next: an update of the generator. It follows the gradient at each of its "
            f"samples, whose mean D(x) is {s.mean_fake[0]:.1%}."
        )
    step = float(np.median(np.linalg.norm(s.after - s.before, axis=1)))
    return (
        f"{opening} The generator was updated: the typical sample moved by {step:.2g}. The mean "
        f"D(x) of its samples is now {s.mean_fake[1]:.1%}, before {s.mean_fake[0]:.1%}. The "
        "discriminator did not change."
    )
