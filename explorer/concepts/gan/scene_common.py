"""What pictures of points and of images share: panels over the run, and the sentence."""

from collections.abc import Sequence

import numpy as np

from explorer.concepts.gan.measure import BLUR
from explorer.concepts.gan.record import BINS, Reference, Snapshot
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.measure import PlaneReference
from explorer.concepts.shared.adversarial.panels import FAKE, REAL, along
from explorer.scene import Bars, Curve, Panel, Role

LOSS_LIMITS: dict[str, tuple[float, float] | None] = {
    "nonsaturating": (0, 2.2),
    "minimax": (-3, 2),
    "leastsquares": (0, 0.8),
    "hinge": (-2, 3),
    "wasserstein": None,
    "relativistic": (0, 1.6),
}
OUTPUTS = tuple(f"{i / BINS:.2f}" for i in range(BINS))  # of D(x), for histograms
SURE, FLAT, RESTLESS = 0.9, 0.02, 1.0  # accuracy; gradient; distance between two snapshots
SETTLED = 300  # training steps before which nothing is called a failure


def histogram_panel(s: Snapshot) -> Panel:
    """The discriminator's outputs on real and on fake samples."""
    return Panel(
        "Histogram of D(x)",
        [
            Bars(REAL, "real", s.histogram_real, OUTPUTS),
            Bars(FAKE, "model", s.histogram_fake, OUTPUTS),
        ],
        kind="chart",
        xlim=None,
        ylim=(0, 1),
        xlabel="D(x): 0 fake, 1 real" if LOSSES[s.config.loss].optimal else "critic, rescaled",
        ylabel="share of samples",
        caption="Far apart: D tells real from fake. Alike: it cannot.",
    )


def loss_panel(s: Snapshot) -> Panel:
    """Both losses, and that of the optimal discriminator."""
    loss = LOSSES[s.config.loss]
    lines = [
        Curve("equilibrium (L_D)", "neutral", level(s, loss.at_equilibrium[0]), True, 1, label=""),
        grown(s, "discriminator", "rival", s.d_loss, "D"),
        grown(s, "generator", "model", s.g_loss, "G"),
    ]
    caption = "L_D rises when the discriminator is fooled."
    if np.isfinite(s.optimal_loss):
        lines.insert(1, grown(s, "optimal discriminator", "truth", s.optimal_loss, "D*"))
        caption = "Above the dashed line: the discriminator is not optimal."
        if s.d_loss < s.optimal_loss - 0.02:  # the optimal one is that of blurred points
            caption = f"Below the dashed line: D sees finer than the blur of {BLUR:g}."
    return Panel(
        "Losses",
        lines,
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=LOSS_LIMITS[s.config.loss],
        xlabel="training step",
        ylabel="loss",
        caption=caption,
    )


def distance_panel(s: Snapshot, rule: Reference) -> Panel:
    """Distance over the run, in units of what two sets of the data have."""
    band = np.tile(np.array(rule.floor, np.float32) / rule.typical, (2, 1))
    name = "averaged" if s.config.ema_decay else FAKE
    return Panel(
        "Distance to the data",
        [
            Curve("noise floor", "truth", level(s, 1), band=band),
            grown(s, name, "model", s.scores.distance / rule.typical),
        ],
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=(0.3, 100),
        xlabel="training step",
        ylabel="× noise floor",
        log_y=True,
        caption="1: what a perfect generator scores.",
    )


def share_panel(s: Snapshot, title: str, lines: Sequence[Curve], caption: str) -> Panel:
    """Shares over the run."""
    return Panel(
        title,
        lines,
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=(0, 1.05),
        xlabel="training step",
        ylabel="share",
        caption=caption,
    )


def grown(s: Snapshot, name: str, role: Role, value: float, label: str | None = None) -> Curve:
    """A figure over the run, to which this snapshot adds one point."""
    xy = along(np.array(s.step), np.array(value))
    return Curve(name, role, xy, label=label, grows=True)


def level(s: Snapshot, height: float) -> np.ndarray:
    """A straight line over the whole run."""
    return np.array([[0, height], [s.config.steps, height]], np.float32)


def sentence(s: Snapshot, rule: Reference) -> str:
    """What is to be seen in the snapshot, most striking first."""
    if s.step == 0:
        return (
            "Before the first training step: the generator returns its noise unchanged, and the "
            "discriminator is untrained."
            if isinstance(rule, PlaneReference) and s.config.latent_size == 2
            else "Before the first training step: both networks are untrained."
        )
    scores, early = s.scores, s.step < max(SETTLED, 0.15 * s.config.steps)
    right = f"the discriminator classifies {s.accuracy:.0%} of the samples correctly"
    if s.accuracy > SURE and s.gradient < FLAT and not early:
        return (
            f"Vanishing gradient: {right}, and the gradient of the generator's loss at its samples "
            "is nearly zero. The generator has nothing to follow."
        )
    if s.moved > RESTLESS and not early:
        return (
            f"Oscillation: the typical sample jumped {s.moved:.1f} since the last frame. Generator "
            "and discriminator chase each other."
        )
    covered = coverage(s, rule)
    if rule.groups and 0 < scores.covered <= 0.5 * rule.groups and not early:
        return (
            f"Mode collapse: {covered}. The gradient of the discriminator does not lead samples to "
            "the others."
        )
    if rule.groups and scores.covered < rule.groups:
        return f"{covered} so far. The gradient of its loss is all that the generator is given."
    if scores.distance <= rule.floor[1]:
        return (
            f"{covered + '. The' if covered else 'The'} distance is within the noise floor. A "
            "better discriminator may still find a difference."
        )
    ratio = scores.distance / rule.typical
    opening = f"{covered}. The" if covered else "The"
    return f"{opening} distance is {ratio:.1f} times the noise floor; {right} (chance: 50%)."


def coverage(s: Snapshot, rule: Reference) -> str:
    if not rule.groups:
        return ""
    name = "modes" if isinstance(rule, PlaneReference) else "digits"
    return f"{s.scores.covered} of {rule.groups} {name} covered"
