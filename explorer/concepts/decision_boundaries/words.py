"""What is said of a run: one sentence for each view, which changes with the state."""

from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE
from explorer.concepts.decision_boundaries.look import Snapshot
from explorer.data.mixture import Mixture

TESTED = (
    "On 2,000 fresh points. Each counts with the exact probability that the model's answer is "
    "wrong there, so no model beats the best possible by luck."
)
LOST = "The mean over both cases: either coordinate missing. Exact but for a fine grid."
CERTAIN = (
    "How likely A thinks its answer is, where practically no data fall. Odds of classes are "
    "defined everywhere, even the exact ones: only p(x) knows that a place is empty."
)
GAP = "Half the sum over classes of |p - exact p|, averaged over the data. 0: the odds are exact."
GUESS = "No label has been seen yet, so every model guesses."
IMAGINED = {  # of each class, by models that assume much
    "naive": "one Gaussian per class, never a tilted one,",
    "lda": "one Gaussian per class, all of one shape,",
    "qda": "one Gaussian per class",
}
TIE = 0.01  # differences of errors below this are called none


def percent(share: float) -> str:
    """A share in per cent with as many digits as matter.

    >>> percent(0.0482), percent(0.253), percent(0.00059)
    ('4.8 %', '25 %', '0.06 %')
    """
    value = 100 * share
    digits = 0 if value >= 10 else 1 if value >= 1 else 2
    return f"{value:.{digits}f} %"


def overview(s: Snapshot) -> str:
    if not s.labels:
        return GUESS
    a, b, best = s.now("a"), s.now("b"), s.problem.error.value
    if min(a, b) - best < TIE and abs(a - b) < TIE:
        return (
            f"After {s.labels} labels both models are within {percent(TIE)} of the best possible. "
            "B can also make up points; A cannot."
        )
    if abs(a - b) < TIE:
        return (
            f"After {s.labels} labels A and B err equally often, {percent(max(a, b) - best)} more "
            "than the best possible."
        )
    if b < a:
        return (
            f"After {s.labels} labels B leads: what it assumes about the shape of a class "
            "fills in what so few points cannot show."
        )
    if b - best > 4 * TIE and wrong_shape(s):
        return (
            f"After {s.labels} labels A leads. B assumes a shape that the classes do not have, "
            "and more labels do not mend that."
        )
    if b - best > 4 * TIE:
        return (
            f"After {s.labels} labels A leads. What B makes of the shapes of whole classes, from "
            "so many points, misleads it."
        )
    return f"After {s.labels} labels A leads: it spends all it learns on the boundary."


def samples(s: Snapshot) -> str:
    if not s.labels:
        return "B has seen nothing yet and makes up one round cloud for every class."
    distance, floor = s.now("distance"), s.problem.rule.floor
    if distance <= floor.high:
        return (
            "B's new points cannot be told from real ones by this distance. However well A names "
            "the classes, it has no point to show."
        )
    times = distance / floor.mean
    many = f"{times:.0f}" if times >= 10 else f"{times:.1f}"
    far = f"B's points are {many} times as far from the data as a perfect model's: "
    if wrong_shape(s):
        return f"{far}{IMAGINED[s.config.generative]} is all it can imagine."
    return f"{far}it knows the classes from {s.labels} points only."


def wrong_shape(s: Snapshot) -> bool:
    """Whether B assumes shapes that no class has; of Gaussians QDA assumes what is true."""
    kind, source = s.config.generative, s.problem.source
    one_each = isinstance(source, Mixture) and len(source.means) == source.classes
    return kind in IMAGINED and not (kind == "qda" and one_each)


def missing(s: Snapshot) -> str:
    if not s.labels:
        return GUESS
    a, b, best = s.now("lost_a"), s.now("lost_b"), sum(s.problem.line_error) / 2
    close = "as well as can be" if b - best < TIE else f"within {percent(b - best)} of the best"
    if a - b < TIE:
        return (
            f"Without one coordinate B answers {close}. Filling in the mean happens to serve A "
            "about as well here."
        )
    return (
        f"Without one coordinate B sums over what it could have been, and answers {close}. A has "
        f"to be told something: the mean costs it {percent(a - b)} more errors."
    )


def with_unlabelled(s: Snapshot) -> str:
    """What becomes of the generative model when it also learns from unlabelled points."""
    if s.config.generative == "kernel":
        return "kernels have nothing to improve, so a mixture learns here"
    return "EM fills the missing labels in, again and again"


def unlabelled(s: Snapshot) -> str:
    if not s.config.unlabelled:
        return "There are no unlabelled points in this run: both versions of B are the same."
    if not s.labels:
        return GUESS
    b, c = s.now("b"), s.now("c")
    if b - c > TIE:
        return (
            f"With {s.labels} labels, points without a label save B {percent(b - c)} of errors: "
            "they show where the classes lie, the labels only name them."
        )
    if c - b > TIE:
        return (
            f"Points without a label hurt: {percent(c - b)} more errors. B's Gaussians went where "
            "the points are dense, which is not where the classes part."
        )
    return f"With {s.labels} labels, points without a label make no difference any more."


def unseen(s: Snapshot) -> str:
    if not s.labels:
        return GUESS
    if s.noticed > 0.95 and s.alarms < 0.05:
        return (
            f"Far from all data A is still {percent(s.certainty)} sure on average. B notices "
            f"{percent(s.noticed)} of these places and mistakes {percent(s.alarms)} of real points."
        )
    if s.alarms >= 0.05:
        return (
            f"B takes {percent(s.alarms)} of real points for strange: it clings too closely to "
            f"the {s.labels} it knows."
        )
    return (
        f"B notices only {percent(s.noticed)} of the strange places: its Gaussians reach over "
        "empty ground."
    )


def errors(s: Snapshot) -> str:
    if not s.labels:
        return GUESS
    a, b = s.now("gap_a"), s.now("gap_b")
    better, name = (min(a, b), "A" if a < b else "B")
    kind = (DISCRIMINATIVE if name == "A" else GENERATIVE)[
        s.config.discriminative if name == "A" else s.config.generative
    ]
    return (
        f"{name}, the {kind}, knows the odds best: off by {percent(better)} on average. "
        "A right class with wrong odds still misleads whoever acts on them."
    )
