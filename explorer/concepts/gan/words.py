"""One sentence that says what state the game is in; it changes with the state."""

from explorer.concepts.gan.look import Snapshot
from explorer.concepts.gan.measure import PlaneYardstick, Yardstick

SURE, FLAT, RESTLESS = 0.9, 0.02, 1.0  # judged right; slope; distance between two looks
SETTLED = 300  # rounds before which nothing is called a failure


def sentence(s: Snapshot, rule: Yardstick) -> str:
    """What is to be seen in the snapshot, most striking first."""
    if s.step == 0:
        return (
            "Before the first round: the generator passes its noise on, the judge knows nothing."
            if isinstance(rule, PlaneYardstick) and s.config.noise_size == 2
            else "Before the first round: neither player knows anything."
        )
    right, marks = float(s.column("right")[-1]), s.marks
    early = s.step < max(SETTLED, 0.15 * s.config.steps)
    what = "points" if isinstance(rule, PlaneYardstick) else "images"
    judged = f"the judge is right about {right:.0%} of the {what}"
    if right > SURE and s.pull < FLAT and not early:
        return (
            f"Vanished: {judged}, and so sure that its slope there is flat. The generator is told "
            "nothing that it could follow."
        )
    if s.moved > RESTLESS and not early:
        return (
            f"Restless: the typical one jumped {s.moved:.1f} since the last look. The generator "
            "runs away from the judge, the judge runs after it."
        )
    covered = coverage(s, rule)
    if rule.groups and 0 < marks.covered <= 0.5 * rule.groups and not early:
        return (
            f"{covered}: the generator has found places where it fools the judge and stays there."
        )
    if rule.groups and marks.covered < rule.groups:
        return f"{covered} so far. The arrows point to where the judge finds too few points."
    if marks.distance <= rule.floor[1]:
        return (
            f"{covered + ', and the' if covered else 'The'} distance is within the noise of "
            f"real {what}. A better judge may still tell them apart."
        )
    ratio = marks.distance / rule.typical
    opening = f"{covered}. The" if covered else "The"
    return (
        f"{opening} distance is {ratio:.1f} times what real {what} score; {judged} "
        "(half would be guessing)."
    )


def coverage(s: Snapshot, rule: Yardstick) -> str:
    if not rule.groups:
        return ""
    name = "modes" if isinstance(rule, PlaneYardstick) else "digits"
    return f"Covers {s.marks.covered} of {rule.groups} {name}"
