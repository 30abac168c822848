"""The sentence under the picture: what the state of the run means."""

from explorer.concepts.latent_space import linear
from explorer.concepts.latent_space.snapshot import Snapshot

SMALL = 0.02  # share of the way from "no code" to the best known


def sentence(s: Snapshot) -> str:
    """One or two sentences that change with the state."""
    config, reached = s.config, progress(s)
    if s.step == 0:
        return (
            "Nothing is learnt yet: the codes of all images lie on one spot, and every code "
            "decodes to the same grey."
        )
    if s.active == 0:
        return (
            "Collapse: no unit carries anything. The decoder ignores the code and paints the "
            "average image; every posterior has become the prior."
        )
    if s.step < config.steps:
        return _live(s, reached)
    if config.linear:
        return _linear(s)
    if config.beta < 0.05:
        return (
            "Without the KL the codes spread as far as they like. Images are rebuilt well, but a "
            "code drawn from the prior misses them: what is made up looks wrong."
        )
    if reached < SMALL:
        return (
            f"{reached:.0%} of the way" if reached > 0 else "Worse than no code at all"
        ) + ": train longer, or let the code say more (a smaller beta)."
    verdict = f"The finished model covers {reached:.0%} of the way from no code to the best known"
    if s.active < config.latent:
        off = config.latent - s.active
        return (
            f"{verdict}. {off} of {config.latent} units collapsed: what they could tell is worth "
            "less than the KL they would cost."
        )
    if config.beta > 1.5:
        return (
            f"{verdict}. At beta {config.beta:g} every nat of the code costs more than it earns "
            "the bound, so the codes say little and the images blur."
        )
    return f"{verdict} for codes of this size, and every unit carries something."


def progress(s: Snapshot) -> float:
    """The share of the way from a model without a code to the best known."""
    return min(1.0, (s.elbo - s.jury.empty) / (s.reference.best - s.jury.empty))


def _live(s: Snapshot, reached: float) -> str:
    warming = s.config.warmup * s.config.steps
    if reached < SMALL:
        return "So far the average image would do as well as what is rebuilt from the codes."
    if s.step < 0.95 * warming:
        return (
            f"Warm-up: the KL counts {s.step / warming:.0%} of its final weight, so the codes may "
            "still spread to keep the images apart."
        )
    return (
        f"{reached:.0%} of the way from no code to the best known. The KL now draws the codes into "
        "the prior's circle, and similar images crowd together."
    )


def _linear(s: Snapshot) -> str:
    best = linear.optimum(s.config.latent, s.config.beta)
    gap = s.reference.best - s.elbo
    exact = f"The bound ends {gap:.2f} nats below the exact best for this size"
    if s.config.beta > 1.01:
        return (
            f"{exact}. At beta {s.config.beta:g} the exact solution switches off every direction "
            f"whose variance is below beta times the noise: {best.active} of {s.config.latent} "
            f"units stay, and the learnt model keeps {s.active}."
        )
    return (
        f"{exact}: nothing else can be learnt here. Compare the learnt ellipses with the dashed "
        "exact ones."
    )
