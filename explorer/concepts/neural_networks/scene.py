"""What a snapshot looks like: the network with a map for every unit, its output, its curves."""

import numpy as np

from explorer.concepts.neural_networks import diagram
from explorer.concepts.neural_networks.config import LOSSES
from explorer.concepts.neural_networks.measure import LIMITS
from explorer.concepts.neural_networks.train import Snapshot
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.percent import percent
from explorer.scene import Curve, Field, Mark, Panel, Points, Reading, Role, Scene

VIEWS: dict[str, str] = {
    "network": "Network",
    "posterior": "Output and exact posterior",
    "gradients": "Gradients by layer",
}
LAYER_ROLES: tuple[Role, ...] = ("real", "model", "rival", "neutral")
UNITS = {"cross_entropy": "nats", "squared": "squared error"}


def scene(snapshot: Snapshot, view: str = "network") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    s = snapshot
    panels, rows = {
        "network": ([network_panel(s), output_panel(s), loss_panel(s), error_panel(s)], (2, 2)),
        "posterior": (posterior_panels(s), (3,)),
        "gradients": ([network_panel(s), gradient_panel(s)], (2,)),
    }[view]
    return Scene(panels, s.step, rows, (), readings(s), sentence(s), title="Neural networks")


def network_panel(s: Snapshot) -> Panel:
    """The diagram: every unit shows its output over the plane."""
    output = 2 * s.output[::2, ::2] - 1
    values = np.concatenate([s.features, s.maps, output[None]])
    marks: list[Mark] = [
        diagram.links(s.config, s.weights),
        diagram.maps(s.config, values),
        *diagram.titles(s.config),
    ]
    caption = "Each square: the output of one unit over the plane. Links: weights."
    return diagram.panel(s.config, "Network", marks, caption)


def plane_panel(title: str, marks: list[Mark], caption: str) -> Panel:
    return Panel(title, marks, "plane", LIMITS, LIMITS, "x₁", "x₂", caption=caption)


def probability_field(name: str, values: np.ndarray) -> Field:
    return Field(name, values, 0.0, 1.0, ("model", "real"), meaning="class 0 | class 1")


def training_points(s: Snapshot) -> list[Mark]:
    """The training set, its classes by colour and by shape."""
    own = s.labels > 0
    return [
        Points("class 0", "model", s.points[~own], size=2.5, opacity=0.9),
        Points("class 1", "real", s.points[own], size=2.5, opacity=0.9, shape="square"),
    ]


def bayes_boundary(s: Snapshot) -> Curve:
    return Curve("Bayes boundary", "truth", s.problem.boundary, width=1.5, label="")


def output_panel(s: Snapshot) -> Panel:
    """p(y = 1 | x) of the network under the training set."""
    return plane_panel(
        "Output and training set",
        [probability_field("p(y = 1 | x)", s.output), bayes_boundary(s), *training_points(s)],
        "Colour: the probability of class 1. Dashed: the Bayes boundary.",
    )


def posterior_panels(s: Snapshot) -> list[Panel]:
    """What the network has learnt, what is exact, and the difference."""
    gap = Field(
        "output − exact", s.output - s.problem.posterior, -0.5, 0.5,
        meaning="too low: −0.5 | too high: +0.5",
    )  # fmt: skip
    return [
        plane_panel("Output of the network",
                    [probability_field("p(y = 1 | x)", s.output), bayes_boundary(s)],
                    "What it has learnt."),
        plane_panel("Exact posterior",
                    [probability_field("exact p(y = 1 | x)", s.problem.posterior),
                     bayes_boundary(s)],
                    f"Bayes error {percent(s.problem.bayes.value)}: no classifier has less."),
        plane_panel("Difference", [gap, *training_points(s)],
                    "Far from all data the network answers, too: nothing taught it what."),
    ]  # fmt: skip


def chart(s: Snapshot, title: str, marks: list[Mark], ylabel: str, caption: str,
          ylim: tuple[float, float] | None = None) -> Panel:  # fmt: skip
    return Panel(title, marks, "chart", (0.0, float(s.config.steps)), ylim, "training step", ylabel,
                 caption=caption)  # fmt: skip


def loss_panel(s: Snapshot) -> Panel:
    """Training and test loss, and the lowest expected loss there is."""
    kind, ends = s.config.loss, (0.0, float(s.config.steps))
    return chart(
        s,
        f"Loss: {LOSSES[kind]}",
        [
            Curve("lowest", "truth", level(ends, s.problem.lowest_loss[kind])),
            Curve("test", "model", point(s.step, s.test_loss), grows=True),
            Curve("training", "real", point(s.step, s.train_loss), grows=True),
        ],
        UNITS[kind],
        "Dashed: what the exact posterior scores on the test set.",
        (0.0, 1.0),
    )


def error_panel(s: Snapshot) -> Panel:
    """The shares misclassified, and the Bayes error."""
    return chart(
        s,
        "Misclassified",
        [
            Curve("Bayes error", "truth", level((0, s.config.steps), s.problem.lowest_error)),
            Curve("test", "model", point(s.step, s.test_error), grows=True),
            Curve("training", "real", point(s.step, s.train_error), grows=True),
        ],
        "share",
        f"{s.config.points:,} training points; 2,000 test points.",
        (0.0, 0.6),
    )


def gradient_panel(s: Snapshot) -> Panel:
    """The size of the gradient in each layer."""
    there = slice(0, 1 if s.step else 0)  # nothing before the first update
    marks: list[Mark] = [
        Curve(
            f"layer {at + 1}" if at < s.config.layers else "output",
            LAYER_ROLES[at % len(LAYER_ROLES)],
            point(s.step, max(float(size), 1e-30))[there],
            dashed=at >= len(LAYER_ROLES),
            grows=True,
        )
        for at, size in enumerate(s.gradients)
    ]
    return Panel(
        "Gradient in each layer", marks, "chart", (0.0, float(s.config.steps)), None,
        "training step", "root mean square", log_y=True,
        caption="Of the loss of the last batch with respect to the weights of a layer.",
    )  # fmt: skip


def readings(s: Snapshot) -> list[Reading]:
    """Test error and test loss, beside what the Bayes classifier scores on the same points."""
    low, kind = s.problem.lowest_error, s.config.loss
    best = s.problem.lowest_loss[kind]
    return [
        Reading(
            "test error", s.test_error, (low, low), "Bayes error",
            help="Share of 2,000 fresh points that is misclassified; each counts with its exact "
            "posterior, so that no network beats the Bayes classifier by luck. Over all points the "
            f"Bayes error is {percent(s.problem.bayes.value)}.",
        ),
        Reading(
            "test loss", s.test_loss, (best, best), "exact posterior", UNITS[kind],
            help="Mean loss on the same points. A network that is right, but not sure, or sure and "
            "wrong now and then, has a higher loss.",
        ),
    ]  # fmt: skip


def sentence(s: Snapshot) -> str:
    """How far the network is from the best there is, and what keeps it from it."""
    start = f"After {s.step:,} updates ({s.epoch:,.0f} epochs)"
    gap = s.test_error - s.problem.lowest_error
    best = percent(s.problem.lowest_error)
    if not s.step:
        return (
            f"Before training, the network misclassifies {percent(s.test_error)} of the test set; "
            f"the Bayes classifier {best}."
        )
    if s.dead and s.dead == sum(s.config.units):
        return f"{start} every hidden unit is dead: its output is 0 for every input."
    if s.test_loss > 1.5 * s.train_loss + 0.05 and s.train_error < s.test_error - 0.02:
        return (
            f"{start} the network overfits: {percent(s.train_error)} of the training set is "
            f"misclassified, {percent(s.test_error)} of the test set (Bayes error {best})."
        )
    what = "close to" if gap < 0.01 else "above"
    return (
        f"{start} {percent(s.test_error)} of the test set is misclassified, {what} the Bayes error "
        f"of {best}."
    )
