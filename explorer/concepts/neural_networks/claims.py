"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.concepts.neural_networks.config import Config
from explorer.experiment import Measures, Outcome


def unit_difference(run: Outcome) -> float:
    """The largest difference between the incoming weights of two units of the first layer."""
    return float(np.ptp(run.model.network.layers[0].weight, axis=1).max())


def fluctuation(run: Outcome, start: float, end: float) -> float:
    """Standard deviation of the training loss over a part of the run, given as shares of it."""
    losses = [s.train_loss for s in run.snapshots]
    return float(np.std(losses[round(start * len(losses)) : round(end * len(losses))]))


def first_gradient(run: Outcome) -> float:
    """The gradient of the first layer by that of the output, early in the run."""
    sizes = run.snapshots[1].gradients
    return float(sizes[0] / sizes[-1])


def at(run: Outcome, p: int) -> float:
    """The mean test error with the number of features that is nearest to p."""
    return float(run.last.mean[np.argmin(np.abs(run.last.sizes - p))])


def shared(config: Config) -> dict[str, Any]:
    """What the page gives to every further experiment."""
    return {"seed": config.seed}


def size(kind: str) -> Callable[[Outcome], float]:
    """The gradient at the input of a kind of chain, by that at the output."""
    return lambda run: float(run.last.sizes[kind])


def steps(method: str) -> Callable[[Outcome], float]:
    """After how many steps a method was close to the minimum; -1 if it never was."""
    return lambda run: float(run.last.reached[method])


def final(kind: str) -> Callable[[Outcome], float]:
    """The mean test loss of a kind at the end."""
    return lambda run: float(run.last.test[kind].mean())


TRAINING: Measures = {
    "test_error": lambda run: run.last.test_error,
    "bayes_error": lambda run: run.last.problem.lowest_error,
    "training_error": lambda run: run.last.train_error,
    "test_loss": lambda run: run.last.test_loss,
    "lowest_test_loss_on_the_way": lambda run: min(s.test_loss for s in run.snapshots),
    "gradient_of_the_first_layer": first_gradient,  # by that of the output
    "unit_difference": unit_difference,
    "fluctuation": lambda run: fluctuation(run, 0.75, 1.0),
    "fluctuation_in_the_first_half": lambda run: fluctuation(run, 0.25, 0.5),
}
BACKWARD: Measures = {"gap": lambda run: run.last.numbers.gap}
SHARPNESS: Measures = {
    "sharpness": lambda run: np.mean([s.sharpness for s in run.snapshots[-20:]]),
    "limit": lambda run: 2 / run.config.learning_rate,
    "loss": lambda run: run.last.loss,
}
DEPTH: Measures = {
    **{kind: size(kind) for kind in ("plain", "residual", "normalised", "both")},
    "exact": lambda run: float(run.last.exact[-1, 1]),
}
DEAD: Measures = {"share": lambda run: run.last.dead / run.config.networks}
DOUBLE_DESCENT: Measures = {
    "error_with_half": lambda run: at(run, run.config.examples // 2),
    "error_near_n": lambda run: float(run.last.mean.max()),
    "error_with_five_times": lambda run: at(run, 5 * run.config.examples),
}
PLATEAUS: Measures = {"gap": lambda run: run.last.gap}
CONDITIONING: Measures = {
    f"steps_{method}": steps(method) for method in ("gd", "heavy_ball", "adam")
}
REGULARISERS: Measures = {f"test_loss_{kind}": final(kind) for kind in ("none", "l2", "dropout")}
CONVOLUTION: Measures = {
    "accuracy": lambda run: run.last.accuracy,
    "accuracy_shifted": lambda run: run.last.shifted,
    "dense_shifted": lambda run: run.last.dense_shifted,
}
RECURRENCE: Measures = {
    "error": lambda run: run.last.within,
    "error_at_the_end": lambda run: float(run.last.errors[-1]),
    "eigenvalue": lambda run: run.last.eigenvalue,
}
