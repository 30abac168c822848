"""Training that diverges ends with a message."""

from math import isfinite


def finite(loss: float, step: int) -> float:
    """The loss; FloatingPointError, to be read by the visitor, if it is no number."""
    if not isfinite(loss):
        raise FloatingPointError(
            f"The loss stopped being a number before step {step}: the updates were too large. "
            "Lower the learning rate."
        )
    return loss
