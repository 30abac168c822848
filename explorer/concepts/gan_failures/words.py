"""Sentences that say what is seen, from what was measured."""

import numpy as np

from explorer.concepts.gan_failures.diagnosis import COPY, FAR, FLAT, RULES, SURE, early
from explorer.concepts.gan_failures.gauge import FIGURES
from explorer.concepts.gan_failures.rotation import ROUNDS, least, rotation, turn
from explorer.concepts.gan_failures.table import wilson
from explorer.concepts.gan_failures.training import Side, Snapshot, Wall


def told(failure: str, side: Side, after: bool) -> str:
    """What to look at in the plane: one short line."""
    if side.diverged:
        return "Diverged: points or weights left all bounds."
    if after:
        return "Same seed: what has changed?"
    return {
        "collapse": "Look: which modes have no orange?",
        "vanish": "Look for arrows: are there any?",
        "circles": "Play: the whole cloud is thrown about.",
        "early": "Long arrows, but where do they point?",
        "forget": "Play: it leaves one mode for the next.",
        "copies": "Rings: all the real points it was given.",
    }[failure]


def sentence(s: Snapshot, groups: int) -> str:
    """The diagnosis of the failing game, and what the cure changed."""
    if s.step == 0:
        both = "Both games start" if s.after else "The game starts"
        return f"{both} from seed {s.config.seed}: the generator passes its noise on."
    first = diagnosis(s.config.failure, s.before, groups, s.step)
    if s.after is None:
        return f"{first[0].upper()}{first[1:]} Choose a cure."
    return f"Before: {first} After: {outcome(s.config.failure, s.after, groups)}"


def turns(side: Side, rounds: int) -> str:
    """Whether the arrows turn round, and how fast."""
    if not rotation(side.turning) < least(min(rounds, ROUNDS)):  # it may be unknown yet
        return "its arrows do not turn round"
    return f"its arrows turn round every {turn(side.turning)} rounds"


def diagnosis(failure: str, side: Side, groups: int, rounds: int) -> str:
    """What is measured, and whether that is the failure."""
    now = dict(zip(FIGURES, side.history[-1].tolist()))
    covered = f"{now['covered']:.0f} of {groups} modes"
    knew = float(early(side.history, "right"))
    facts = {
        "collapse": f"{covered}, with {now['target']:.0%} of the points on them.",
        "vanish": f"the judge finds {now['right']:.0%} of the real ones, and the slope is "
        f"{now['pull']:.2g}.",
        "circles": f"the typical point went {now['swing']:.2g} since the last look, "
        f"{turns(side, rounds)}.",
        "early": f"the judge knew {knew:.0%} a tenth into the run; {covered}.",
        "forget": f"{now['visited']:.0f} modes were visited, {now['covered']:.0f} are held.",
        "copies": f"points lie at {now['copied']:.0%} of the usual way to a training point.",
    }[failure]
    ill = bool(RULES[failure](side.history[:, None], groups)[0])
    return f"{facts} {NAMED[failure]}" if ill else facts


NAMED: dict[str, str] = {
    "collapse": "Collapsed: at most half of the modes.",
    "vanish": f"Vanished: sure above {SURE:.0%}, slope below {FLAT:g}.",
    "circles": f"Oscillates: more than {FAR:g} a look.",
    "early": f"The judge won early, above {SURE:.0%}.",
    "forget": "Forgets: half of what it knew, or more.",
    "copies": f"Copies: nearer than {COPY:.0%}.",
}


def outcome(failure: str, side: Side, groups: int) -> str:
    """What became of the cured game."""
    if side.diverged:
        return "it diverged."
    now = dict(zip(FIGURES, side.history[-1].tolist()))
    ill = bool(RULES[failure](side.history[:, None], groups)[0])
    covered = f"{now['covered']:.0f} of {groups} modes"
    if ill:
        return f"the same failure, {covered}."
    return f"{covered}." if now["covered"] < groups else f"all {groups} modes."


def wall_sentence(s: Wall) -> str:
    """How many seeds have all modes, and what that says about the next seed."""
    if not s.groups:
        return f"{len(s.seeds)} seeds after {s.step:,} rounds."
    full = int((s.history[-1, :, FIGURES.index("covered")] == s.groups).sum())
    low, high = wilson(full, len(s.seeds))
    worst = int(np.min(s.history[-1, :, FIGURES.index("covered")]))
    return (
        f"{full} of {len(s.seeds)} seeds cover all {s.groups} modes now, the worst {worst}. From "
        f"so few, the true share may be {low:.0%} to {high:.0%}."
    )
