"""Pictures of a training run: one snapshot, one scene."""

from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.concepts.latent_space import linear
from explorer.concepts.latent_space.latent_map import latent_map
from explorer.concepts.latent_space.train import GRID, Snapshot
from explorer.scene import Bars, Curve, Flow, Images, Limits, Mark, Panel, Reading, Role, Scene

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "map": "Latent map and decoded grid",
    "dimensions": "KL of each latent dimension",
    "pca": "Compared with PCA",
}
SMALL = 0.02  # share of this gap in ELBO:
GAP = "between no latent (data mean only) and the best known"


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of `VIEWS`."""
    panels, rows, flows = LAYOUTS[view](snapshot)
    return Scene(panels, snapshot.step, rows, flows, readings(snapshot), sentence(snapshot))


Layout = tuple[list[Panel], tuple[int, ...], tuple[Flow, ...]]


def overview(s: Snapshot) -> Layout:
    """Images, latent space, reconstructions; then samples, and the two terms of the ELBO."""
    panels = [test_images(s), latent_map(s), reconstructions(s), samples(s), elbo(s), kl_term(s)]
    flows = (
        Flow(0, 1, "encode"),
        Flow(1, 2, "decode", "model"),
        Flow(1, 3, "draw z from the prior, decode it", "model"),
    )
    return panels, (4, 2), flows


def large_map(s: Snapshot) -> Layout:
    """The map with the drawn images at their codes, beside a decoded grid of codes."""
    one = s.config.latent_dim == 1
    grid = Panel(
        "Decoded line of latent codes" if one else "Decoded grid of latent codes",
        [Images("decoded", "model", s.decoded_grid, GRID)],
        kind="images",
        caption="From left to right, row by row." if one else "From the square on the map.",
    )
    return [latent_map(s, large=True), grid], (2,), (Flow(0, 1, "decode", "model"),)


def dimensions(s: Snapshot) -> Layout:
    """The KL of each latent dimension, and how many are active."""
    labels = [f"z{i + 1}" for i in range(s.config.latent_dim)]
    exact: list[Mark] = []
    if s.config.linear:
        best = linear.optimum(s.config.latent_dim, s.config.beta).kl().numpy()
        order = np.argsort(np.argsort(-s.kl))  # they come in any order: the largest to the largest
        exact = [Bars("exact optimum", "truth", best[order], labels)]
    kl = Panel(
        "KL of each latent dimension",
        [Bars("KL", "model", s.kl, labels), *exact],
        kind="chart",
        xlim=None,
        ylim=None,
        xlabel="latent dimension",
        ylabel="nats",
        caption="Zero: the dimension has collapsed onto the prior and carries no information.",
    )
    active = _chart(
        "Active units",
        [
            _curve(s, "active", "model", s.active),
            _level(s, "latent dimension", s.config.latent_dim, "neutral"),
        ],
        s,
        (0, s.config.latent_dim * 1.1),
        "dimensions",
        "Latent dimensions whose posterior mean varies from image to image.",
    )
    return [test_images(s), reconstructions(s), kl, active], (2, 2), (Flow(0, 1, "z", "model"),)


def pca(s: Snapshot) -> Layout:
    """The reconstructions of principal component analysis with as many dimensions."""
    marks = [Images("PCA", "neutral", s.reference.pca_reconstructions, 3)]
    caption = f"The best linear code with {_count(s.config.latent_dim)}."
    linear_ones = Panel("Reconstructions by PCA", marks, kind="images", caption=caption)
    error = _chart(
        "Reconstruction error",
        [
            _curve(s, "VAE", "model", s.test_error),
            _level(s, "PCA", s.reference.pca_error, "neutral"),
        ],
        s,
        (0, 2.5 * s.reference.pca_error),
        "squared error per pixel",
        "Of test images. PCA minimises only this error; it has no prior to sample from.",
    )
    panels = [test_images(s), reconstructions(s), linear_ones, error]
    return panels, (3, 1), (Flow(0, 1, "z", "model"),)


LAYOUTS: dict[str, Callable[[Snapshot], Layout]] = {
    "overview": overview,
    "map": large_map,
    "dimensions": dimensions,
    "pca": pca,
}


def test_images(s: Snapshot) -> Panel:
    """Some images of the test set."""
    marks = [Images("test images", "real", s.subset.pixels, 3)]
    return Panel("Test images x", marks, kind="images", caption="Not used for training.")


def reconstructions(s: Snapshot) -> Panel:
    """The same images, encoded and decoded."""
    marks = [Images("reconstructions", "model", s.reconstructions, 3)]
    caption = f"Decoded from {_count(s.config.latent_dim)} per image."
    return Panel("Reconstructions", marks, kind="images", caption=caption)


def samples(s: Snapshot) -> Panel:
    """Generated images."""
    marks = [Images("samples", "model", s.samples, 3)]
    caption = "Decoded from z drawn from N(0, I)."
    return Panel("Samples from the prior", marks, kind="images", caption=caption)


def elbo(s: Snapshot) -> Panel:
    """The ELBO; the gap up to the reconstruction term is the KL."""
    fit, kl = s.test
    low, high = s.subset.data_mean_elbo, s.reference.elbo
    band = np.array([[fit - kl, fit]], np.float32)
    marks = [
        _curve(s, "KL", "neutral", fit - kl, width=0.5, band=band, label=""),
        _curve(s, "reconstruction term", "neutral", fit, width=1.2, label=""),
        _curve(s, "training", "real", s.training[0] - s.training[1], dashed=True, width=1.2),
        _curve(s, "test", "model", fit - kl),
        _level(s, "exact optimum" if s.reference.exact else "best known", high, "truth"),
        _level(s, "no latent", low, "neutral"),
    ]
    limits = (low - 0.35 * (high - low), high + 0.4 * (high - low))
    caption = "Upper edge of the band: reconstruction term. Minus the KL (band): the ELBO."
    return _chart("ELBO, a lower bound on log p(x)", marks, s, limits, "nats per image", caption)


def kl_term(s: Snapshot) -> Panel:
    """The KL alone."""
    marks = [
        _curve(s, "training", "real", s.training[1], dashed=True, width=1.2),
        _curve(s, "test", "model", s.test[1]),
    ]
    if s.config.linear:
        best = linear.optimum(s.config.latent_dim, s.config.beta).kl().sum().item()
        marks.append(_level(s, "exact optimum", best, "truth"))
    caption = "An upper bound on the information that codes carry."
    if s.config.warmup:
        caption += " Its weight grows during the warm-up."
    # Fixed: while its weight is small, the KL is far larger than later.
    limits = (0.0, 4 + 5.5 * s.config.latent_dim**0.5) if s.config.beta > 0.2 else None
    return _chart("KL from posterior to prior", marks, s, limits, "nats per image", caption)


def readings(s: Snapshot) -> list[Reading]:
    """ELBO, active units, reconstruction error."""
    ref, size = s.reference, s.subset.test_size
    which = f"all {size} test images" if s.evaluated == size else f"{s.evaluated} test images"
    active, known = s.config.latent_dim, "all dimensions"
    if ref.exact:
        active = linear.optimum(s.config.latent_dim, s.config.beta).active
        known = "exact optimum"
    return [
        Reading(
            "test ELBO",
            s.elbo,
            (ref.elbo, ref.elbo),
            "exact optimum" if ref.exact else "best known at this latent dimension",
            "nats",
            "high",
            f"Per image, on {which}. With no latent (data mean only) it would be "
            f"{s.subset.data_mean_elbo:.1f}.",
        ),
        Reading(
            "active units",
            float(s.active),
            (float(active), float(active)),
            known,
            better="neither",
            help="Latent dimensions whose posterior mean has a variance above 0.01 over images.",
        ),
        Reading(
            "reconstruction error",
            s.error,
            (ref.pca_error, ref.pca_error),
            "PCA with as many dimensions",
            help="Mean squared error per pixel between test images and their reconstructions.",
        ),
    ]


def sentence(s: Snapshot) -> str:
    """One or two sentences on the state of the run."""
    config, reached = s.config, s.progress
    if s.step == 0:
        return (
            "Before training: the codes of all images lie in one place, and every latent code "
            "decodes to the same grey image."
        )
    if s.active == 0:
        return (
            "Posterior collapse: no latent dimension is active. The posterior of every image is "
            "nearly the prior, and the decoder returns the mean image for every z."
        )
    if s.step < config.steps:
        return _during(s, reached)
    if config.linear:
        return _linear(s)
    if config.beta < 0.05:
        return (
            "Without the KL the codes spread far beyond the prior. Reconstructions are good, but "
            "codes drawn from the prior lie close together among them: samples miss many images."
        )
    if reached < SMALL:
        score = f"{reached:.0%} of the gap in ELBO {GAP}" if reached > 0 else "Below no latent"
        return f"{score}: train for more steps, or lower beta so that codes carry more information."
    covered = f"The model covers {reached:.0%} of the gap in ELBO {GAP}"
    if s.active < config.latent_dim:
        off = config.latent_dim - s.active
        return (
            f"{covered}. {off} of {config.latent_dim} latent dimensions collapsed onto the prior: "
            "the information they could carry is worth less than its KL."
        )
    if config.beta > 1.5:
        return (
            f"{covered}. At beta {config.beta:g} every nat of information lowers the objective by "
            f"{config.beta:g} nats, so codes carry little and reconstructions are blurred."
        )
    return f"{covered} at this latent dimension, and every latent dimension is active."


def _during(s: Snapshot, reached: float) -> str:
    warming = s.config.warmup * s.config.steps
    if reached < SMALL:
        return "So far the ELBO is no higher than with no latent (data mean only)."
    if s.step < 0.95 * warming:
        return (
            f"Warm-up: the KL has {s.step / warming:.0%} of its final weight, so the codes may "
            "still spread beyond the prior to keep the images apart."
        )
    return (
        f"{reached:.0%} of the gap in ELBO {GAP}. The KL keeps the posteriors near the prior, and "
        "codes of similar images lie close together."
    )


def _linear(s: Snapshot) -> str:
    best = linear.optimum(s.config.latent_dim, s.config.beta)
    gap = s.reference.elbo - s.elbo
    exact = f"The ELBO ends {gap:.2f} nats below the exact optimum for this latent dimension"
    if s.config.beta > 1.01:
        return (
            f"{exact}. At beta {s.config.beta:g} the solution collapses every direction whose "
            f"variance is below beta times that of the noise: {best.active} of "
            f"{s.config.latent_dim} dimensions stay active, and {s.active} in the trained model."
        )
    return f"{exact}. Compare the learnt posteriors (solid) with the exact ones (dashed)."


def _chart(
    title: str, marks: list[Curve], s: Snapshot, ylim: Limits | None, ylabel: str, caption: str
) -> Panel:
    xlim = (0.0, float(s.config.steps))
    return Panel(title, marks, "chart", xlim, ylim, "training step", ylabel, caption=caption)


def _curve(s: Snapshot, name: str, role: Role, value: float, **style: Any) -> Curve:
    """A curve of the whole run; the snapshot adds one point."""
    xy = np.array([[s.step, value]], np.float32)
    return Curve(name, role, xy, grows=True, **style)


def _level(s: Snapshot, name: str, value: float, role: Role) -> Curve:
    """A horizontal line over the whole run."""
    return Curve(name, role, np.array([[0, value], [s.config.steps, value]], np.float32), True, 1.5)


def _count(latent_dim: int) -> str:
    return "1 number" if latent_dim == 1 else f"{latent_dim} numbers"
