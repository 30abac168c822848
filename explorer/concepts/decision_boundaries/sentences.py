"""The sentence of each view, which changes with the state, and the help of the readings."""

from explorer.concepts.decision_boundaries.config import DISCRIMINATIVE, GENERATIVE
from explorer.concepts.decision_boundaries.train import Snapshot
from explorer.concepts.shared.percent import percent
from explorer.data.mixture import Mixture

TESTED = (
    "On 2,000 fresh points. Each counts with the exact probability that the predicted class is "
    "wrong there, so no model beats the Bayes error by luck."
)
MISSING = "The mean over both cases: either coordinate missing. Exact but for a fine grid."
CERTAIN = (
    "Mean posterior probability of the class that the discriminative model predicts where "
    "practically no data fall. p(y | x) is defined everywhere and does not tell how likely x "
    "itself is; p(x) does."
)
DIFFERENCE = (
    "Half the sum over classes of |p(y | x) - exact p(y | x)|, averaged over the data: 0 when "
    "every posterior probability is exact."
)
UNTRAINED = "No label has arrived yet: all models are untrained."
ASSUMED = {  # by models whose classes cannot have just any shape
    "naive_bayes": "one Gaussian per class with independent coordinates",
    "lda": "one Gaussian per class, all of the same covariance",
    "qda": "one Gaussian per class",
}
TIE = 0.01  # smaller differences of errors are called none


def points(difference: float) -> str:
    """A difference of shares.

    >>> points(0.0482), points(0.01)
    ('4.8 percentage points', '1 percentage point')
    """
    number = percent(difference).removesuffix(" %")
    return "1 percentage point" if number == "1.0" else f"{number} percentage points"


def overview(s: Snapshot) -> str:
    if not s.labels:
        return UNTRAINED
    (a, b, _), best = s.errors.tolist(), s.problem.error.value
    after = f"After {s.labels} labels"
    if min(a, b) - best < TIE and abs(a - b) < TIE:
        return (
            f"{after} the test errors of both models lie within {points(max(a, b) - best)} of the "
            "Bayes error. The generative model can be sampled as well."
        )
    if abs(a - b) < TIE:
        return (
            f"{after} the test errors of the two models differ by less than {points(TIE)}; both "
            f"lie up to {points(max(a, b) - best)} above the Bayes error."
        )
    if b < a:
        return (
            f"{after} the test error of the generative model is lower, by {points(a - b)}; it lies "
            f"{points(b - best)} above the Bayes error."
        )
    leads = f"{after} the test error of the discriminative model is lower, by {points(b - a)}"
    if b - best > 4 * TIE and wrong_shape(s):
        return (
            f"{leads}. The generative model assumes {ASSUMED[s.config.generative]}, which the "
            "classes are not, and more labels do not mend that."
        )
    if b - best > 4 * TIE:
        return f"{leads}. The densities that the generative model estimated mislead it."
    return f"{leads}: it models the boundary only."


def errors(s: Snapshot) -> str:
    """Whether one of the models overfits: its training error far below its test error."""
    if not s.labels:
        return UNTRAINED
    worst = int((s.errors - s.training_errors)[:2].argmax())
    gap = float(s.errors[worst] - s.training_errors[worst])
    name = "discriminative" if worst == 0 else "generative"
    if gap < 3 * TIE:
        return (
            f"After {s.labels} labels both models misclassify about as many new points as labelled "
            "points: neither overfits."
        )
    return (
        f"After {s.labels} labels the {name} model misclassifies "
        f"{percent(float(s.training_errors[worst]))} of the labelled points and "
        f"{percent(float(s.errors[worst]))} of new points. The gap, {points(gap)}, is overfitting."
    )


def samples(s: Snapshot) -> str:
    if not s.labels:
        return "No label has arrived yet: every class of the generative model is a standard normal."
    floor = s.problem.reference.floor
    if s.distance <= floor.high:
        return (
            "The samples of the generative model lie within the noise floor: this distance cannot "
            "tell them from fresh data. The discriminative model has no samples to compare."
        )
    times = s.distance / floor.mean
    many = f"{times:.0f}" if times >= 10 else f"{times:.1f}"
    far = f"The samples lie {many} times as far from the data as those of a perfect model"
    if wrong_shape(s):
        return f"{far}: the model can only be {ASSUMED[s.config.generative]}."
    return f"{far}: the densities are estimated from {s.labels} points only."


def wrong_shape(s: Snapshot) -> bool:
    """Whether the generative model assumes shapes that no class has; of Gaussians QDA is right."""
    kind, source = s.config.generative, s.problem.source
    one_each = isinstance(source, Mixture) and len(source.means) == source.classes
    return kind in ASSUMED and not (kind == "qda" and one_each)


def missing(s: Snapshot) -> str:
    if not s.labels:
        return UNTRAINED
    (a, b), best = s.partial_errors.tolist(), sum(s.problem.partial_error) / 2
    gap = f"within {points(TIE)} of" if b - best < TIE else f"{points(b - best)} above"
    ours = (
        "Without one coordinate the generative model integrates over it: its error lies "
        f"{gap} the Bayes error."
    )
    if a - b < TIE:
        return f"{ours} Filling in the mean serves the discriminative model about as well here."
    return (
        f"{ours} The discriminative model needs a value: with the mean filled in, its error is "
        f"higher by {points(a - b)}."
    )


def semi_supervised_model(s: Snapshot) -> str:
    """What becomes of the generative model when it also learns from unlabelled points."""
    if s.config.generative == "kde":
        return "a mixture: a kernel density estimate cannot use unlabelled points"
    return "EM estimates the missing labels"


def semi_supervised(s: Snapshot) -> str:
    if not s.config.unlabelled:
        return "There are no unlabelled points in this run: both generative models are the same."
    if not s.labels:
        return UNTRAINED
    b, c = s.errors.tolist()[1:]
    if b - c > TIE:
        return (
            f"With {s.labels} labels, unlabelled points lower the test error by {points(b - c)}: "
            "they show where the classes lie, the labels only name them."
        )
    if c - b > TIE:
        return (
            f"Unlabelled points raise the test error by {points(c - b)}: the Gaussians moved to "
            "where the points are dense, which is not where the classes differ."
        )
    return (
        f"With {s.labels} labels, unlabelled points change the test error by less than "
        f"{points(TIE)}."
    )


def outside(s: Snapshot) -> str:
    if not s.labels:
        return UNTRAINED
    if s.detected > 0.95 and s.false_positives < 0.05:
        return (
            f"Far from all data the discriminative model is still {percent(s.outside_confidence)} "
            f"certain on average. The generative model's p(x) detects {percent(s.detected)} of "
            f"these points, at {percent(s.false_positives)} false positives."
        )
    if s.false_positives >= 0.05:
        return (
            f"The generative model calls {percent(s.false_positives)} of fresh data out of "
            f"distribution: it fits the {s.labels} labelled points too closely."
        )
    return (
        f"The generative model detects only {percent(s.detected)} of the points that are out of "
        "distribution: its Gaussians extend over empty regions."
    )


def posterior(s: Snapshot) -> str:
    if not s.labels:
        return UNTRAINED
    a, b = s.differences.tolist()
    name = DISCRIMINATIVE[s.config.discriminative] if a < b else GENERATIVE[s.config.generative]
    kind = "discriminative" if a < b else "generative"
    return (
        f"The posterior probabilities of the {kind} model ({name}) are closer to the exact ones: "
        f"off by {points(min(a, b))} on average. A model can predict the right class with a wrong "
        "probability."
    )
