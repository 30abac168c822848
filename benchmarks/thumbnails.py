"""The cards of the home page; `python -m benchmarks.pictures` paints them.

Every concept is trained with the settings that its page starts with. What is essential of its
scenes becomes `assets/thumbnails/<name>.webp` and `<name>-dark.webp`.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import explorer  # noqa: F401  limits the threads before the libraries load
from explorer.concepts import (
    arena,
    decision_boundaries,
    diffusion,
    ethics,
    flows,
    gan,
    gan_failures,
    latent_space,
    music,
    neural_networks,
    text,
    text_to_image,
    transformer,
)
from explorer.concepts.metrics.measure_images import ImageEvaluation
from explorer.data import images
from explorer.draw.palette import Theme
from explorer.draw.pillow_scene import panel_picture
from explorer.nets import generator
from explorer.runs import finish
from explorer.scene import (
    Arrows,
    Curve,
    Field,
    Images,
    Mark,
    Mesh,
    Panel,
    Points,
    Scene,
    Text,
    gathered,
)

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "assets" / "thumbnails"
WIDTH, HEIGHT = 480, 300
FINE = 2  # drawn so many times larger, then reduced
ACROSS, HIGH = 3.0, 1.875  # what is seen of the plane


def decision_boundaries_card() -> Panel:
    """The network's p(y | x), its boundary and the Bayes boundary, under the labelled points."""
    snapshots, _ = finish(decision_boundaries.train(decision_boundaries.Config()))
    scene = decision_boundaries.scene(snapshots[-1], "overview")
    posterior = named(scene, "Discriminative: p(y | x)")
    points = marks(scene, ["Labelled points"], Points)
    return Panel("", [*posterior.marks, *points], xlim=posterior.xlim, ylim=posterior.ylim)


def neural_networks_card() -> Panel:
    """The diagram of the network, every unit with its map."""
    snapshots, _ = finish(neural_networks.train(neural_networks.Config()))
    panel = neural_networks.scene(snapshots[-1]).panels[0]
    shown = [each for each in panel.marks if not isinstance(each, Text)]
    return replace(panel, title="", caption="", marks=shown, xlim=(-0.7, 7.5), ylim=(-2.7, 2.7))


def latent_space_card() -> Panel:
    """Images decoded from a grid over the middle of the map."""
    _, model = finish(latent_space.train(latent_space.Config()))
    x, y = np.meshgrid(np.linspace(-2, 2, 8), np.linspace(1.6, -1.6, 5))
    decoded = model.decode(np.stack([x, y], axis=-1).reshape(-1, 2).astype(np.float32))
    side = round(decoded.shape[1] ** 0.5)
    pixels = np.rint(255 * decoded).astype(np.uint8).reshape(-1, side, side)
    return Panel("", [Images("decoded", "model", pixels, columns=8)], kind="images")


def gan_card() -> Panel:
    """How the generator transforms the grid of noise, and its samples, early in the run."""
    snapshots, _ = finish(gan.train(gan.Config()))
    scene = gan.scene(snapshots[len(snapshots) // 8], "overview")
    return wide(marks(scene, ["Generator G", "Samples G(z) and training data"], Mesh, Points))


def metrics_card() -> Panel:
    """A digit for each corruption, more severe to the right."""
    evaluation, shape = ImageEvaluation("mnist", 400, 0), images.load("mnist")
    which = {"blur": 9, "noise": 1, "shift": 4, "memorise": 2, "missing_classes": 6}
    rows = [
        evaluation.corrupted(corruption, severity).x[[one]]
        for corruption, one in which.items()
        for severity in np.linspace(0, 1, 8)
    ]
    pixels = shape.pixels(np.concatenate(rows))
    return Panel("", [Images("corrupted", "model", pixels, columns=8)], kind="images")


def diffusion_card() -> Panel:
    """Samples between noise and data, and the learnt score."""
    _, model = finish(diffusion.train(diffusion.Config()))
    states, _ = finish(diffusion.reverse(diffusion.ReverseConfig(), model))
    until = states[: len(states) * 5 // 7 + 1]
    scene = gathered([diffusion.reverse_scene(state) for state in until])
    arrows = marks(scene, ["Score at this noise level"], Arrows)
    score = [each for each in arrows if each.name == "learnt score"]
    shown = [*marks(scene, ["Samples"], Field, Curve, Points), *score]
    return wide([padded(each) if isinstance(each, Field) else each for each in shown])


def arena_card() -> Panel:
    """Samples of eight families, after half a second of training on the ring."""
    snapshots, _ = finish(arena.train(arena.Config(steps=50)))
    marks: list[Mark] = []
    for place, state in enumerate(snapshots[-1].states):
        row, column = divmod(place, 4)
        corner = np.array([1.45 * column - 2.175, 0.87 - 1.74 * row], np.float32)
        near = state.samples[(state.samples**2).sum(1) < 4.5]
        small = (0.38 * near + corner).astype(np.float32)
        marks.append(Points(state.label, "model", small, size=1.6, opacity=0.9))
    return wide(marks)


def transformer_card() -> Panel:
    """Attention weights of the induction head when a block of letters is repeated."""
    snapshots, _ = finish(transformer.train(transformer.Config(steps=500)))
    last = snapshots[-1]
    layer, head = np.unravel_index(int(last.answer_attention.argmax()), last.answer_attention.shape)
    attention = last.internals.attention[layer, head][14:24, :16]  # as wide as a card
    fine = attention[::-1].repeat(24, axis=0).repeat(24, axis=1)
    shown = Field("attention", fine, 0.0, 1.0, ("neutral", "model"))
    return Panel("", [shown], xlim=(0, 16), ylim=(0, 10))


def text_card() -> Panel:
    """Continuations of "mar" by an n-gram, wider where they are more probable."""
    _, model = finish(text.train(text.Config(networks=())))
    *_, last = text.decode(text.DecodingConfig("mar"), model)
    tree = text.EXPERIMENTS["decoding"].scene(last).panels[0]
    letters = [replace(m, text=m.text.split()[0]) for m in tree.marks if isinstance(m, Text)]
    branches = [m for m in tree.marks if isinstance(m, Curve)]
    return Panel("", [*branches, *letters], xlim=(-0.5, 5.5), ylim=(-1.9, 1.9))


def music_card() -> Panel:
    """A melody of the LSTM as a piano roll, over what it expected at each note."""
    snapshots, _ = finish(music.train(music.Config()))
    roll = named(music.scene(snapshots[-1]), "Sample of the LSTM")
    expected = [
        replace(each, values=each.values[7:26, :60])  # C#4 to G5, 30 beats
        for each in roll.marks
        if isinstance(each, Field)
    ]
    notes = [replace(each, width=9) for each in roll.marks if isinstance(each, Curve)]
    return Panel("", [*expected, *notes], xlim=(0, 30), ylim=(60.5, 79.5))


def text_to_image_card() -> Panel:
    """Captions that training never showed, with the pictures drawn for them."""
    _, model = finish(text_to_image.train(text_to_image.Config()))
    asked = model.split.unseen[torch.arange(15) % len(model.split.unseen)]
    drawn = model.draw(asked, model.noise(len(asked), generator(0)))
    return Panel("", [Images("drawn", "model", model.world.pixels(drawn), 5)], kind="images")


def gan_failures_card() -> Panel:
    """A collapsed generator: a few modes are full, the others are empty."""
    snapshots, _ = finish(gan_failures.train(gan_failures.Config()))
    shown = gan_failures.scene(snapshots[-1]).panels[0].marks
    return wide([each for each in shown if isinstance(each, Points)])


def flows_card() -> Panel:
    """The grid of noise, transformed into eight modes with thin bridges between them."""
    snapshots, _ = finish(flows.train(flows.Config.usual("ring")))
    scene = flows.scene(snapshots[-1], "overview")
    shown = marks(scene, ["Samples"], Curve, Points)
    real = marks(scene, ["Learnt density"], Field)
    return wide([*(padded(each) for each in real if isinstance(each, Field)), *shown])


def ethics_card() -> Panel:
    """Words of a text with a watermark; those that the key prefers are underlined."""
    snapshots, _ = finish(ethics.train(ethics.Config(steps=24)))
    marked = snapshots[-1].marked
    width, height = 12.6, 7.875  # three columns of words
    kept = np.arange(24).reshape(6, 4)[:, :3].ravel()
    words = [marked.words[at] for at in kept]
    shown: list[Mark] = []
    for at, (word, high) in enumerate(zip(words, marked.high[kept])):
        x, y = 4.2 * (at % 3 + 0.5), height - 1.25 * (at // 3) - 0.9
        half = 0.14 * (len(word) + 1)
        line = np.array([[x - half, y - 0.4], [x + half, y - 0.4]], np.float32)
        shown.append(Text(f"word {at}", "model" if high else "neutral", (x, y), word))
        shown += [Curve(f"line {at}", "model", line, label="")] if high else []
    return Panel("", shown, xlim=(0, width), ylim=(0, height))


def padded(density: Field) -> Field:
    """A density over +-2.5 on the wider plane of a card; there are no points out there."""
    rows, columns = density.values.shape
    cell = 5.0 / columns
    more = round((ACROSS - 2.5) / cell)
    less = round((2.5 - HIGH) / cell)
    values = np.pad(density.values[less : rows - less], ((0, 0), (more, more)))
    return replace(density, values=values)


def named(scene: Scene, title: str) -> Panel:
    """The panel of this title; ValueError when the scene has changed."""
    for panel in scene.panels:
        if panel.title == title:
            return panel
    titles = ", ".join(panel.title for panel in scene.panels)
    raise ValueError(f"title must be one of {titles}. Got {title!r} instead.")


def marks(scene: Scene, titles: Iterable[str], *kinds: type[Mark]) -> list[Mark]:
    """The marks of these kinds in the panels of these titles."""
    panels = [named(scene, title) for title in titles]
    return [mark for panel in panels for mark in panel.marks if isinstance(mark, kinds)]


def wide(shown: Iterable[Mark]) -> Panel:
    """A plane that fills a card."""
    return Panel("", list(shown), xlim=(-ACROSS, ACROSS), ylim=(-HIGH, HIGH))


def painted(panel: Panel, theme: Theme) -> Image.Image:
    """The middle of a panel, drawn a little larger, as a card."""
    if panel.kind == "images":
        size = WIDTH + 12, HEIGHT + 20
    else:
        (x0, x1), (y0, y1) = panel.xlim or (0, 1), panel.ylim or (0, 1)
        size = WIDTH + 4, round((WIDTH + 4) * (y1 - y0) / (x1 - x0))
    whole = panel_picture(panel, theme, *size, FINE)
    left, top = ((a - b * FINE) // 2 for a, b in zip(whole.size, (WIDTH, HEIGHT)))
    image = whole.crop((left, top, left + WIDTH * FINE, top + HEIGHT * FINE))
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


CARDS: dict[str, Callable[[], Panel]] = {
    "neural_networks": neural_networks_card,
    "decision_boundaries": decision_boundaries_card,
    "arena": arena_card,
    "latent_space": latent_space_card,
    "gan": gan_card,
    "gan_failures": gan_failures_card,
    "diffusion": diffusion_card,
    "ethics": ethics_card,
    "flows": flows_card,
    "text": text_card,
    "music": music_card,
    "text_to_image": text_to_image_card,
    "transformer": transformer_card,
    "metrics": metrics_card,
}
THEMES: dict[Theme, str] = {"light": "", "dark": "-dark"}


def first_panel(name: str) -> Panel:
    """The card of a concept that has none of its own: the first panel of its finished run."""
    concept = import_module(f"explorer.concepts.{name}")
    snapshots, _ = finish(concept.train(concept.Config()))
    panel = concept.scene(snapshots[-1]).panels[0]
    return replace(panel, title="", caption="")


def paint(names: Sequence[str]) -> None:
    """Train, draw and store the cards of these concepts, in light and dark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        start = time.thread_time()
        panel = CARDS[name]() if name in CARDS else first_panel(name)
        for theme, ending in THEMES.items():
            file = FOLDER / f"{name}{ending}.webp"
            painted(panel, theme).save(file, "WEBP", quality=88, method=6)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")
        print(f"{name}: {time.thread_time() - start:.0f} s")
