"""What the runs look like: the failure beside its remedy, and the sentence of the state."""

from dataclasses import replace

import numpy as np

from explorer.concepts.gan_failures.config import FAILURE_NAMES, REMEDY_NAMES
from explorer.concepts.gan_failures.diagnosis import COPY, FAR, FLAT, SURE
from explorer.concepts.gan_failures.rotation import LAGS, STEPS, lowest_of_noise, period, rotation
from explorer.concepts.gan_failures.train import FRAMES, Side, Snapshot
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.measure import COUNTED, plane_reference
from explorer.concepts.shared.adversarial.panels import (
    FAKE,
    REAL,
    along,
    arrows,
    cloud,
    discriminator_field,
    plane_panel,
)
from explorer.scene import Curve, Field, Mark, Panel, Points, Reading, Role, Scene

VIEWS: dict[str, str] = {"overview": "Overview", "modes": "Samples per mode"}
GRADIENTS = (1e-4, 1e2)  # that are drawn
CHANCE = 1.96 * 0.5 / COUNTED**0.5  # of the accuracy of a discriminator that guesses
DIVERGED = "Diverged: samples or weights left all bounds."
CAPTIONS = {
    "collapse": "Look for modes without samples.",
    "vanishing": "Look for arrows: the gradient is all that G learns from.",
    "oscillation": "Play: the samples jump from side to side.",
    "overpowered": "Long arrows, but not towards every mode.",
    "hopping": "Play: the samples leave one mode for the next.",
    "memorisation": "Rings: all training points that there are.",
    "remedy": "Same seed: only the remedy differs.",
}
GENERATOR_LOSS = {"collapse": (0.0, 8.0), "overpowered": (0.0, 6.0), "vanishing": (-2.6, 3.2)}
FINE = 6  # the raster of modes is drawn so many times finer, so that its cells have edges


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The snapshot in one of VIEWS."""
    return replace(
        by_mode(s) if view == "modes" else overview(s),
        step=s.step,
        readings=readings(s),
        sentence=sentence(s, groups(s)),
    )


def groups(s: Snapshot) -> int:
    """How many modes there are."""
    return plane_reference(s.config.dataset).groups


def names(s: Snapshot) -> tuple[str, str]:
    """The titles of both GANs."""
    failure, remedy = FAILURE_NAMES[s.config.failure], REMEDY_NAMES[s.config.remedy]
    return f"Without: {failure}" if s.after else failure.capitalize(), f"With: {remedy}"


def overview(s: Snapshot) -> Scene:
    """Both GANs, and what can be measured of them."""
    before, after = names(s)
    first = [plane(s, s.before, before)]
    second = plane(s, s.after, after) if s.after else raster(s, s.before, "Samples per mode")
    panels = [
        *first,
        second,
        nearest_panel(s) if s.config.failure == "memorisation" else covered_panel(s),
        accuracy_panel(s),
        rotation_panel(s) if s.config.failure == "oscillation" else gradient_panel(s),
        phase_panel(s),
    ]
    return Scene(panels, rows=(3, 3))


def by_mode(s: Snapshot) -> Scene:
    """How much of its share each mode had in every snapshot."""
    before, after = names(s)
    panels = [raster(s, s.before, before)]
    if s.after:
        panels.append(raster(s, s.after, after))
    return Scene([*panels, covered_panel(s)])


def plane(s: Snapshot, side: Side, title: str) -> Panel:
    """Samples over training data on the ground of D(x), and minus the gradients they get."""
    marks: list[Mark] = [discriminator_field("D(x)", side.output), cloud(REAL, "real", s.real)]
    if len(s.training_points) and side.setup.training_points:
        name, points = "all training points", s.training_points
        marks.append(Points(name, "truth", points, size=7, shape="ring", opacity=1))
    marks += [cloud(FAKE, "model", side.samples), arrows(side.arrows_at, side.arrows)]
    caption = CAPTIONS[s.config.failure if side is s.before else "remedy"]
    return plane_panel(title, marks, DIVERGED if side.diverged else caption)


def raster(s: Snapshot, side: Side, title: str) -> Panel:
    """Modes upwards, training steps to the right: the darker, the more samples."""
    share = np.repeat(np.repeat(side.modes.clip(0, 1), FINE, 0), 3, 1)
    count = len(side.modes)
    field = Field("share of the mode", share, 0.0, 1.0, ("neutral", "model"), meaning="none | full")
    edge = s.config.steps / (2 * min(FRAMES, s.config.steps))
    ends = (-edge, s.config.steps + edge)
    return Panel(
        title, [field], kind="chart", xlim=ends, ylim=(0.5, count + 0.5), xlabel="training step",
        ylabel="mode", caption="A row that ends: a mode was lost.",
    )  # fmt: skip


def both(s: Snapshot, name: str, low: float = -1e6, high: float = 1e6) -> list[Mark]:
    """A figure over the run, of both GANs; this snapshot adds a point to each curve."""
    step = np.array(s.step)
    return [
        Curve(
            label, role, along(step, np.clip(side.figure(name), low, high)), grows=True,
            label=label if s.after else "",  # one curve needs no name at its end
        )
        for label, role, side in sides(s)
    ]  # fmt: skip


def sides(s: Snapshot) -> list[tuple[str, Role, Side]]:
    """Name, colour and GAN of what there is to compare."""
    if s.after is None:
        return [("without remedy", "model", s.before)]
    return [("without remedy", "neutral", s.before), ("with remedy", "model", s.after)]


def level(s: Snapshot, name: str, height: float) -> Curve:
    return Curve(name, "truth", np.array([[0, height], [s.config.steps, height]], np.float32))


def chart(
    s: Snapshot, title: str, marks: list[Mark], ylim: tuple[float, float], ylabel: str,
    caption: str, log_y: bool = False,
) -> Panel:  # fmt: skip
    """A figure over the run."""
    return Panel(
        title, marks, kind="chart", xlim=(0, s.config.steps), ylim=ylim, xlabel="training step",
        ylabel=ylabel, caption=caption, log_y=log_y,
    )  # fmt: skip


def covered_panel(s: Snapshot) -> Panel:
    count = groups(s)
    marks = [level(s, f"all {count}", count), *both(s, "covered")]
    caption = "A mode is covered once it holds a fifth of its share."
    return chart(s, "Modes covered", marks, (0, count + 0.6), "modes", caption)


def nearest_panel(s: Snapshot) -> Panel:
    marks = [level(s, "unseen data", 1), *both(s, "nearest")]
    caption = "Far below 1: the training points are memorised."
    title = "Distance to the nearest training point"
    return chart(s, title, marks, (0, 1.6), "multiple of unseen data", caption)


def accuracy_panel(s: Snapshot) -> Panel:
    marks = [level(s, "chance", 0.5), *both(s, "pair_accuracy")]
    caption = "How often D is higher at the real one of a real and a fake sample."
    return chart(s, "Accuracy of D on pairs", marks, (0, 1.05), "accuracy", caption)


def gradient_panel(s: Snapshot) -> Panel:
    marks = both(s, "gradient", *GRADIENTS)
    caption = "Median over samples: near zero, it has vanished."
    title = "Gradient at the samples"
    return chart(s, title, marks, GRADIENTS, "length", caption, log_y=True)


def rotation_panel(s: Snapshot) -> Panel:
    """How the gradient rotates: a wave of the rotation, or nothing."""
    low = lowest_of_noise(min(s.step, STEPS))
    marks: list[Mark] = [
        Curve("noise alone", "truth", np.array([[0, low], [LAGS, low]], np.float32), width=1.2)
    ]
    marks += [Curve(name, role, along(np.arange(len(side.autocorrelation)), side.autocorrelation))
              for name, role, side in sides(s)]  # fmt: skip
    return Panel(
        "Autocorrelation of the gradient", marks, kind="chart", xlim=(0, LAGS), ylim=(-1, 1),
        xlabel="lag in training steps", ylabel="autocorrelation",
        caption="A wave down to −1 is a rotation: the gradient points back.",
    )  # fmt: skip


def phase_panel(s: Snapshot) -> Panel:
    """The generator's loss against the discriminator's."""
    xlim, ylim = (0.0, 2.6), GENERATOR_LOSS.get(s.config.failure, (0.0, 3.2))
    low, high = np.array([xlim, ylim]).T
    marks: list[Mark] = []
    for name, role, side in sides(s):
        xy = along(np.array(side.figure("d_loss")), np.array(side.figure("g_loss")))
        marks.append(Curve(name, role, xy.clip(low - 1, high + 1), width=1.2, grows=True))
    rest = np.array([LOSSES[(s.after or s.before).setup.gan.loss].at_equilibrium], np.float32)
    marks.append(Points("equilibrium", "truth", rest, size=5, shape="cross", opacity=1))
    return Panel(
        "One loss against the other", marks, kind="chart", xlim=xlim, ylim=ylim,
        xlabel="discriminator loss", ylabel="generator loss",
        caption="Cross: the losses at equilibrium, where p = q.",
    )  # fmt: skip


def readings(s: Snapshot) -> list[Reading]:
    """What the diagnosis rests on, of the GAN that was shown last."""
    side, count = s.after or s.before, groups(s)
    which = "with the remedy" if s.after else "without remedy"
    was = f" (without: {s.before.figure('covered'):.0f})" if s.after else ""
    covered = Reading(
        "modes covered", side.figure("covered"), (count, count), f"all modes{was}", better="high",
        help=f"Of the GAN {which}: a mode counts once it holds a fifth of its share.",
    )  # fmt: skip
    accuracy = Reading(
        "accuracy of D on pairs", side.figure("pair_accuracy"), (0.5 - CHANCE, 0.5 + CHANCE),
        "chance", better="neither",
        help="How often D is higher at the real one of a real and a fake sample.",
    )  # fmt: skip
    if s.config.failure == "oscillation":
        floor = lowest_of_noise(min(s.step, STEPS)), 1.0
        accuracy = Reading(
            "rotation of the gradient", rotation(side.autocorrelation), floor, "no rotation",
            better="neither",
            help="Lowest autocorrelation of the mean gradient within 100 training steps: −1 in a "
            "pure circle. Gradients of noise alone stay within the interval.",
        )  # fmt: skip
    gradient = Reading(
        "gradient at the samples", min(side.figure("gradient"), 1e6), (0.0, 0.0), "vanished",
        better="neither", help="Median length of the arrows.",
    )  # fmt: skip
    third = {
        "oscillation": Reading(
            "move between two frames", side.figure("moved"), (0.0, 0.0), "at equilibrium",
            help="How far the typical sample went since the last frame.",
        ),
        "hopping": Reading(
            "modes lost again", side.figure("visited") - side.figure("covered"), (0, 0), "none",
            help="Modes that were covered in some frame and are not now.",
        ),
        "memorisation": Reading(
            "distance to the nearest training point", side.figure("nearest"), (0.9, 1.1),
            "unseen data", better="neither",
            help="Median, as a multiple of what unseen data have.",
        ),
    }.get(s.config.failure, gradient)  # fmt: skip
    return [covered, accuracy, third]


def sentence(s: Snapshot, groups: int) -> str:
    """The diagnosis of the failing GAN, and what the remedy changed."""
    if s.step == 0:
        both = "Both GANs start" if s.after else "The GAN starts"
        return f"{both} from seed {s.config.seed}: the generator returns its noise unchanged."
    first = diagnosis(s.config.failure, s.before, groups, s.step)
    if s.after is None:
        return f"{first[0].upper()}{first[1:]} Choose a remedy."
    return f"Without remedy: {first} With it: {outcome(s.after, groups)}"


def diagnosis(failure: str, side: Side, groups: int, steps: int) -> str:
    """What is measured, and whether that is the failure."""
    covered = f"{side.figure('covered'):.0f} of {groups} modes covered"
    facts = {
        "collapse": f"{covered}, {side.figure('high_quality'):.0%} of the samples on a mode.",
        "vanishing": f"D is right about {side.figure('pair_accuracy'):.0%} of the pairs, the "
        f"gradient at the samples is {side.figure('gradient'):.2g}.",
        "oscillation": f"the typical sample moved {side.figure('moved'):.2g} since the last "
        f"frame, {turns(side, steps)}.",
        "overpowered": f"D was right about {side.early_accuracy:.0%} of the pairs a tenth into "
        f"the run; {covered}.",
        "hopping": f"{side.figure('visited'):.0f} modes were covered at some time, "
        f"{side.figure('covered'):.0f} are now.",
        "memorisation": f"samples lie at {side.figure('nearest'):.0%} of the distance that unseen "
        "data have to a training point.",
    }[failure]
    return f"{facts} {NAMED[failure]}" if side.failing else facts


NAMED: dict[str, str] = {
    "collapse": "Mode collapse: at most half of the modes.",
    "vanishing": f"Vanishing gradient: accuracy above {SURE:.0%}, gradient below {FLAT:g}.",
    "oscillation": f"Oscillation: more than {FAR:g} between two frames.",
    "overpowered": f"The discriminator overpowers: accuracy above {SURE:.0%} early.",
    "hopping": "Mode hopping: half of the covered modes were lost again, or more.",
    "memorisation": f"Memorised: nearer than {COPY:.0%}.",
}


def turns(side: Side, steps: int) -> str:
    """Whether the gradient rotates, and how fast."""
    if not rotation(side.autocorrelation) < lowest_of_noise(min(steps, STEPS)):  # may be NaN
        return "its gradient does not rotate"
    return f"its gradient rotates once in {period(side.autocorrelation)} training steps"


def outcome(side: Side, groups: int) -> str:
    """What became of the GAN with the remedy."""
    if side.diverged:
        return "it diverged."
    covered = f"{side.figure('covered'):.0f} of {groups} modes covered"
    return f"the same failure, {covered}." if side.failing else f"{covered}."
