"""The picture of a training run, and the sentence of its state."""

from math import isnan, nan

import numpy as np

from explorer.concepts.shared.charts import point
from explorer.concepts.shared.image_grid import image_grid
from explorer.concepts.shared.matrix import matrix
from explorer.concepts.shared.percent import in_percent, percent
from explorer.concepts.text_to_image.measure import Accuracy
from explorer.concepts.text_to_image.train import WAY, Snapshot
from explorer.data.shapes import PLACES, SIZES, world
from explorer.scene import Curve, Flow, Images, Mark, Panel, Reading, Role, Scene, Text

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "emergence": "Accuracy of each attribute",
}
FLOWS = (
    Flow(0, 1, "condition", "model"),
    Flow(1, 2, "sample", "model"),
)
ROLES: dict[str, Role] = {"size": "real", "colour": "rival", "shape": "neutral", "place": "neutral"}
SPREAD = 3.0  # embeddings are shown from minus to plus this
NONE_HELD_OUT = "no pair is held out"
GOOD, SEEN_GOOD, CHANCE = 0.95, 0.9, 0.1  # joint accuracies that the sentence tells apart


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The snapshot in one of VIEWS."""
    overview = view == "overview"
    return Scene(
        _overview(s) if overview else _emergence(s),
        step=s.step,
        rows=(2, 2) if overview else (),
        flows=FLOWS if overview else (),
        readings=readings(s),
        sentence=sentence(s),
    )


def _overview(s: Snapshot) -> list[Panel]:
    marks, xlim, ylim = matrix(
        "embedding", s.embeddings, s.words, (), -SPREAD, SPREAD, ("rival", "model"),
        "−3 | 3", margin=6,
    )  # fmt: skip
    whole = s.config.encoder == "caption"
    unseen = [f"“{each}”" for each in s.followed]
    return [
        Panel(
            "Text encoder",
            marks,
            xlim=xlim,
            ylim=ylim,
            span=1.8,
            caption="The embedding of each caption: a row of numbers." if whole
            else "The embedding of each word: a row of learnt numbers.",
        ),
        image_grid(
            "From noise to picture", "denoising", "model", s.way, len(WAY),
            f"Left to right, t from 1 to 0: {', '.join(unseen)}.",
        ),
        _pictures("Captions seen in training", s.seen, s.seen_captions, s.seen_wrong),
        _pictures("Captions never seen", s.unseen, s.unseen_captions, s.unseen_wrong),
    ]  # fmt: skip


def _pictures(
    title: str, pixels: np.ndarray, captions: tuple[str, ...], wrong: tuple[int, ...]
) -> Panel:
    marks: list[Mark] = [Text("none", "neutral", (0.0, 0.0), NONE_HELD_OUT)]
    if len(pixels):
        words = tuple(map(short, captions))
        marks = [Images("generated", "rival", pixels, 4, words, marked=wrong)]
    return Panel(
        title,
        marks,
        "images",
        caption="Generated. Framed: the parser reads another caption.",
    )


def short(caption: str) -> str:
    """A caption without its size and its place, which are seen in the picture anyhow."""
    for words in (*SIZES, *PLACES):
        caption = caption.replace(words, "").strip()
    return caption


def _emergence(s: Snapshot) -> list[Panel]:
    return [
        _accuracies("Seen captions", s, s.of_seen),
        _accuracies("Captions never seen", s, s.of_unseen),
        _loss(s),
    ]


def _accuracies(title: str, s: Snapshot, found: Accuracy) -> Panel:
    at = float(s.step) if s.step else nan

    def curve(name: str, role: Role, value: float, width: float = 1.5) -> Curve:
        return Curve(name, role, point(at, value), grows=True, width=width)

    pairs = zip(names_of(s), found.attributes)
    marks = [curve(name, ROLES[name], value) for name, value in pairs]
    marks += [
        curve("all of them", "model", found.joint, 3.0),
        curve("product", "truth", found.product),
    ]
    return Panel(
        title,
        marks,
        "chart",
        xlim=(1.0, float(max(2, s.config.steps))),
        ylim=(0.0, 1.05),
        xlabel="training step",
        ylabel="share right",
        log_x=True,
        caption="Dashed: the product of the attributes' accuracies.",
    )


def _loss(s: Snapshot) -> Panel:
    at = float(s.step) if s.step else nan
    return Panel(
        "Loss",
        [Curve("loss", "model", point(at, s.loss), grows=True)],
        "chart",
        xlim=(1.0, float(max(2, s.config.steps))),
        ylim=(0.0, 2.2),
        xlabel="training step",
        ylabel="mean squared error",
        log_x=True,
        caption="Of the velocity, on the batches since the frame before.",
    )


def names_of(s: Snapshot) -> tuple[str, ...]:
    """The attributes of a caption."""
    return world(s.config.dataset).names


def readings(s: Snapshot) -> list[Reading]:
    """Seen and unseen captions apart, and how clean the pictures are."""
    perfect = (100.0, 100.0)
    help = (
        "Share of generated pictures in which the exact parser reads every attribute as the "
        "caption says it. It reads every real picture rightly."
    )
    return [
        Reading("seen captions", 100 * s.of_seen.joint, perfect, "real pictures", "%", "high",
                help=help),
        Reading("captions never seen", 100 * s.of_unseen.joint,
                None if isnan(s.of_unseen.joint) else perfect, "real pictures", "%", "high",
                help=help),
        Reading("error per pixel", s.of_seen.error, (s.best_error,) * 2,
                "real pictures, compressed",
                help="Root mean squared difference to the nearest real picture, of 0 to 1. What "
                "the principal components leave out cannot be drawn."),
    ]  # fmt: skip


def sentence(s: Snapshot) -> str:
    """One or two sentences on the state of the run."""
    if s.step == 0:
        return (
            "Untrained: the captions are known as words, but the pictures are noise. The parser "
            "reads the nearest picture, which is right only by chance."
        )
    seen, unseen = s.of_seen, s.of_unseen
    if s.step < s.config.steps:
        weakest = min(zip(seen.attributes, names_of(s)))
        return (
            f"Seen captions: {percent(seen.joint)} right in every attribute. The weakest is the "
            f"{weakest[1]}, right in {percent(weakest[0])}; the joint accuracy is near the product "
            f"of all, {percent(seen.product)}."
        )
    if isnan(unseen.joint):
        return f"{percent(seen.joint)} of the pictures are as asked. No pair was held out."
    low, high = in_percent(unseen.interval)
    counted = (
        f"{percent(unseen.joint)} of captions never seen (95 % interval {low:.0f} to {high:.0f} %)"
    )
    if s.config.encoder == "caption" and unseen.joint < CHANCE:
        return (
            f"Memorised: {percent(seen.joint)} of seen captions, but {counted}. An embedding of "
            "its own tells nothing about a caption that training never showed."
        )
    if unseen.joint >= GOOD:
        return (
            f"Composition: {percent(seen.joint)} of seen captions are drawn as asked, and "
            f"{counted}. The words were seen, in other company, and that is enough."
        )
    if seen.joint >= SEEN_GOOD:
        return (
            f"{percent(seen.joint)} of seen captions are drawn as asked, but only {counted}. With "
            "fewer held-out pairs or more training steps each word is learnt apart from the others."
        )
    return f"{percent(seen.joint)} of seen captions and {counted}: train for more steps."
