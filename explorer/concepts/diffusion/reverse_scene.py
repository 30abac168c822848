"""What making data looks like, rung by rung."""

from explorer.concepts.diffusion.pictures import COLUMNS, grid, image_readings
from explorer.concepts.diffusion.reverse import ImageStop, PlaneStop, ReverseSnapshot
from explorer.concepts.diffusion.samplers import SAMPLERS
from explorer.concepts.diffusion.scenes import (
    density,
    framed,
    ladder,
    level,
    on_a_mode,
    short,
    strays,
    trails,
)
from explorer.scene import Arrows, Curve, Mark, Panel, Points, Reading, Scene


def reverse_scene(s: ReverseSnapshot) -> Scene:
    """Data being made."""
    if isinstance(s, ImageStop):
        return _image_walk(s)
    assert isinstance(s, PlaneStop)
    return _plane_walk(s)


def _plane_walk(s: PlaneStop) -> Scene:
    last = float(len(s.ladder) - 1)
    fields: list[Mark] = [density("exact density", s.density)]
    now = Panel(
        "On the way",
        [
            *fields,
            Curve("ways of some", "model", trails(s.trails), width=1, label=""),
            Points("made up", "model", s.x, size=2.0, opacity=0.8, glides=True),
        ],
        caption="Shade: where a perfect sampler's points would be now.",
    )
    score = Panel(
        "Score here",
        [
            *fields,
            Arrows("exact score", "truth", s.places, short(s.exact_pull)),
            Arrows("learnt score", "model", s.places, short(s.pull)),
        ],
        caption="Where only one arrow is seen, learnt and exact agree.",
    )
    guess = Panel(
        "If it stopped now",
        [
            Points("data", "real", s.real, size=1.5, opacity=0.35),
            Points("guess", "model", s.guess, size=2.0, opacity=0.9, glides=True),
        ],
        caption="All noise removed at once: each point lands on an average.",
    )
    distance = Panel(
        "Distance to where it should be",
        [
            Curve("these points", "model", s.distances),
            Curve("a perfect sampler", "truth", s.perfect, label=""),
        ],
        "chart",
        xlim=(0, max(last, 1.0)),
        ylim=(0.02, 100),
        log_y=True,
        xlabel="step",
        caption="Sliced Wasserstein, to the exact noised data. Dashed: a perfect sampler.",
    )
    perfect = float(s.perfect[-1, 1])
    found = [
        Reading(
            "distance to where it should be",
            float(s.distances[-1, 1]),
            s.marks.distance_floor.interval if s.marks else (perfect, perfect),
            "as many points of a perfect sampler",
            help="Sliced Wasserstein distance of the points from the exact noised data.",
            usual=s.marks.distance_floor.mean if s.marks else perfect,
        ),
        on_a_mode(s.marks) if s.has_modes else None,
    ]
    return Scene(
        [framed(now), framed(score), framed(guess), ladder(s.ladder, s.step), distance],
        step=s.step,
        readings=[*(reading for reading in found if reading), _calls(s)],
        sentence=_plane_sentence(s),
        unit="step",
    )


def _calls(s: ReverseSnapshot) -> Reading:
    return Reading(
        "evaluations of the network", s.evaluations, (1.0, 1.0), "fewest possible", better="neither"
    )


def _plane_sentence(s: PlaneStop) -> str:
    name, n = SAMPLERS[s.config.sampler], s.config.rungs
    if s.step == 0:
        return f"Pure noise of strength {s.strength:.3g}. Now {n} steps of {name}."
    if s.strength:
        return f"Noise of strength {s.strength:.3g} is left after {s.evaluations} evaluations."
    assert s.marks is not None
    if s.marks.distance > 1:
        return (
            "The walk went astray. Where noise is strong, a small error in the guessed noise "
            "throws the guess to where the network has never been: keep it inside the box."
        )
    if n == 1:
        return "One step: every point lands near the average of all data, and there is nothing."
    if s.marks.distance > 1.5 * s.marks.distance_floor.high:
        return f"{n} steps of {name} are too few, or the score is not good enough: see the gap."
    near = "the points are as near to the data as chance allows"
    return f"{n} steps of {name}: {near}{strays(s.marks)}."


def _image_walk(s: ImageStop) -> Scene:
    last, columns = float(len(s.ladder) - 1), COLUMNS[s.dataset]
    steps = (0.0, max(last, 1.0))
    what = "Its code under noise, decoded." if s.in_codes else "Noise and image, at unit size."
    panels = [
        grid("On the way", "on the way", "neutral", s.x, columns, what),
        grid("Guess", "guess", "model", s.guess, columns, "If all noise were removed at once."),
    ]
    panels.append(
        grid(
            "Nearest training images",
            "nearest training images",
            "real",
            s.nearest,
            columns,
            "Of all that it learnt from, for each of those made.",
            "at the end",
        )
    )
    panels += [
        ladder(s.ladder, s.step),
        Panel(
            "Read as asked for",
            [
                Curve("guesses", "model", s.read),
                Curve("real images", "truth", level(steps, s.accuracy)),
            ],
            "chart",
            xlim=steps,
            ylim=(0, 1),
            xlabel="step",
            caption="By a classifier that the model has never met. Dashed: on real images.",
        ),
    ]
    return Scene(
        panels,
        step=s.step,
        readings=[*image_readings(s.marks), _calls(s)],
        sentence=_image_sentence(s),
        unit="step",
    )


def _image_sentence(s: ImageStop) -> str:
    if s.step == 0:
        return (
            f"Pure noise. Guidance {s.config.guidance:g}: the class is decided in the first steps."
        )
    share = float(s.read[-1, 1])
    if s.marks is None:
        return f"Noise {s.strength:.3g} is left, {share:.0%} of the guesses are right."
    if s.marks.variety < 0.8 * s.marks.variety_floor[0]:
        return (
            f"{share:.0%} are the right class, but they look alike: variety {s.marks.variety:.0%}, "
            f"real images {s.marks.variety_floor[0]:.0%}. Guidance trades the one for the other."
        )
    varied = s.marks.variety >= s.marks.variety_floor[0]
    likeness = "and as varied as real images" if varied else "a little less varied than real images"
    return f"{share:.1%} are read as the class asked for, {likeness}."
