"""The picture of the reverse process, noise level by noise level."""

from explorer.concepts.diffusion.reverse import (
    ImageReverseSnapshot,
    PlaneReverseSnapshot,
    ReverseSnapshot,
)
from explorer.concepts.diffusion.samplers import SAMPLERS
from explorer.concepts.diffusion.scene import high_quality, nearness, off_the_modes
from explorer.concepts.diffusion.scene_images import image_readings
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.image_grid import COLUMNS, image_grid
from explorer.concepts.shared.plane_view import broken_line, framed, pale_density, shortened
from explorer.scene import Arrows, Curve, Panel, Points, Reading, Scene


def reverse_scene(s: ReverseSnapshot) -> Scene:
    """Samples being generated."""
    if isinstance(s, ImageReverseSnapshot):
        return _image_scene(s)
    assert isinstance(s, PlaneReverseSnapshot)
    return _plane_scene(s)


def _plane_scene(s: PlaneReverseSnapshot) -> Scene:
    density = pale_density("exact density", s.density)
    now = Panel(
        "Samples",
        [
            density,
            Curve("trajectories of some", "model", broken_line(s.moves), width=1, label="",
                  grows=True),
            Points("samples", "model", s.x, size=2.0, opacity=0.8, interpolated=True),
        ],
        caption="Shade: the exact density of the noised data, where samples should be now.",
    )  # fmt: skip
    score = Panel(
        "Score at this noise level",
        [
            density,
            Arrows("exact score", "truth", s.grid, shortened(s.exact)),
            Arrows("learnt score", "model", s.grid, shortened(s.learnt)),
        ],
        caption="Where only one arrow is seen, learnt and exact score agree.",
    )
    denoised = Panel(
        "Denoised estimate",
        [
            Points("training data", "real", s.real, size=1.5, opacity=0.35),
            Points(
                "denoised estimate", "model", s.denoised, size=2.0, opacity=0.9, interpolated=True
            ),
        ],
        caption="If all noise were removed now: each lands on an average of data.",
    )
    distance = Panel(
        "Distance to the noised data",
        [
            Curve("samples", "model", point(s.step, s.distance), grows=True),
            Curve("exact sampler", "truth", point(s.step, s.perfect), label="", grows=True),
        ],
        "chart",
        xlim=(0, float(s.config.steps)),
        ylim=(0.02, 100),
        log_y=True,
        xlabel="sampling step",
        ylabel="sliced Wasserstein",
        caption="Dashed: as many points drawn from the exact noised data.",
    )
    found = [
        Reading(
            "distance to the noised data",
            s.distance,
            s.scores.distance_floor.interval if s.scores else (s.perfect, s.perfect),
            "as many points of an exact sampler",
            help="Sliced Wasserstein distance of the samples from the exact noised data.",
            usual=s.scores.distance_floor.mean if s.scores else s.perfect,
        ),
        high_quality(s.scores) if s.has_modes else None,
    ]
    return Scene(
        [framed(now), framed(score), framed(denoised), _noise_levels(s), distance],
        step=s.step,
        readings=[*(reading for reading in found if reading), _evaluations(s)],
        sentence=_plane_sentence(s),
        unit="step",
    )


def _noise_levels(s: ReverseSnapshot) -> Panel:
    """The noise levels of the reverse process, and where it stands."""
    levels = s.noise_levels[s.noise_levels[:, 1] > 0]
    room = 0.5 + 0.06 * len(levels)
    return Panel(
        "Noise levels",
        [
            Curve("noise level", "neutral", levels, width=1, label=""),
            Points("steps", "neutral", levels, size=2.5, opacity=1),
            Points("now", "model", levels[min(s.step, len(levels) - 1)][None], size=6, opacity=1),
        ],
        "chart",
        xlim=(-room, len(levels) - 1 + room),
        ylim=(0.5 * float(levels[-1, 1]), 2 * float(levels[0, 1])),
        xlabel="sampling step",
        ylabel="noise level σ",
        log_y=True,
        span=0.7,
        caption="Before each step. After the last one no noise is left.",
    )


def _evaluations(s: ReverseSnapshot) -> Reading:
    return Reading(
        "network evaluations", s.evaluations, (1.0, 1.0), "fewest possible", better="neither"
    )


def _plane_sentence(s: PlaneReverseSnapshot) -> str:
    name, n = SAMPLERS[s.config.sampler], s.config.steps
    if s.step == 0:
        return f"Pure noise of level {s.noise_level:.3g}, before {n} steps of {name}."
    if s.noise_level:
        return f"Noise level {s.noise_level:.3g} after {s.evaluations} network evaluations."
    assert s.scores is not None
    if s.scores.distance > 1:
        return (
            "The reverse process diverged. At high noise levels a small error of the network can "
            "throw the denoised estimate far outside the data: clip it, or take more steps."
        )
    if n == 1 and s.x.std(axis=0).mean() < 0.5:  # of the data: 1
        return "One step: every sample lands near the mean of all data."
    if s.scores.distance > 1.5 * s.scores.distance_floor.high:
        many = f"{n} step{'s' * (n > 1)} of {name}"
        return f"{many}: too few, or the learnt score is not good enough."
    return f"{n} steps of {name}: {nearness(s.scores)}{off_the_modes(s.scores)}."


def _image_scene(s: ImageReverseSnapshot) -> Scene:
    columns, steps = COLUMNS[s.dataset], (0.0, float(s.config.steps))
    what = (
        "The noised latent code, decoded."
        if s.in_latent_space
        else "Image and noise, at unit variance."
    )
    return Scene(
        [
            image_grid("Samples", "samples", "neutral", s.x, columns, what),
            image_grid("Denoised estimate", "denoised estimate", "model", s.denoised, columns,
                       "If all noise were removed now."),
            image_grid("Nearest training images", "nearest training images", "real", s.nearest,
                       columns, "For each sample. Copies would look the same.", "at the end"),
            _noise_levels(s),
            Panel(
                "Class accuracy",
                [
                    Curve("denoised estimates", "model", point(s.step, s.accuracy), grows=True,
                          label="estimates"),
                    Curve("real images", "truth", level(steps, s.real_accuracy)),
                ],
                "chart",
                xlim=steps,
                ylim=(0, 1.05),
                xlabel="sampling step",
                ylabel="share",
                caption="Share that an independent classifier assigns to the class asked for.",
            ),
        ],
        step=s.step,
        readings=[*image_readings(s.scores), _evaluations(s)],
        sentence=_image_sentence(s),
        unit="step",
    )  # fmt: skip


def _image_sentence(s: ImageReverseSnapshot) -> str:
    if s.step == 0:
        return f"Pure noise, guidance scale {s.config.guidance:g}."
    if s.scores is None:
        return (
            f"Noise level {s.noise_level:.3g}: {s.accuracy:.0%} of the denoised estimates are "
            "classified as the class asked for."
        )
    coverage, real = s.scores.coverage, s.scores.coverage_floor[0]
    right = f"{s.accuracy:.1%} of the samples are classified as the class asked for"
    if coverage < 0.8 * real:
        return (
            f"{right}, but they look alike: coverage {coverage:.0%}, real images {real:.0%}. "
            "Guidance trades diversity for accuracy."
        )
    varied = "as diverse as" if coverage >= real else "a little less diverse than"
    return f"{right}, and they are {varied} real images."
