"""Flows: bend space until data become noise, without tearing it, and bend noise into data."""

from explorer import ui
from explorer.concepts import flows
from explorer.concepts.flows import lesson, transforms
from explorer.concepts.flows.coupling import Coupling, Flow
from explorer.ui import Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("flows")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, middle, rest = ui.controls([11, 6, 3])
with data:
    dataset = ui.dataset("dataset", lesson.DATA, "moons")
with rest:
    more = ui.more()
strip = ui.controls([5, 3, 3])
with middle:
    stage = ui.choose("Stage", lesson.stages(dataset), "stage", HELP["stage"])
with strip[0]:
    coupling = ui.choose("A layer moves numbers by", lesson.KINDS, "coupling", HELP["coupling"])
with strip[1]:
    layers = ui.slider("Layers", 1, 12, lesson.LAYERS[coupling], 1, f"layers_{coupling}",
                       HELP["layers"])  # fmt: skip
with strip[2]:
    steps = ui.steps(1200, 10_000)
with more:
    bins = ui.slider("Bins of a spline", 2, 32, 16, 1, "bins", HELP["bins"])
    waves = ui.slider("Waves a layer sees", 0, 8, 4, 1, "waves", HELP["waves"])
    hidden = ui.slider("Neurons a layer", 8, 128, 64, 8, "hidden", HELP["hidden"])
    rate = ui.slider("Learning rate", 1e-4, 1.0, 5e-3, 1e-3, "rate", HELP["rate"], log=True)
    seed = ui.seed()
config = ui.config(flows.Config, dataset=dataset, coupling=coupling, layers=layers, bins=bins,
                   hidden=hidden, waves=waves, learning_rate=rate,
                   steps=steps, seed=seed)  # fmt: skip
trained = ui.job(flows.train, config)
over = trained.status == "done"


def ask(about: str) -> list[ui.Choice]:
    return [ui.Choice(*choice) for choice in lesson.CHOICES[about]]


ui.predictions("flows", [
    Question("Can a flow put empty space between two moons?", ask("tear"), over),
    Question("Add up the learnt density over the whole plane. It gives:", ask("mass"), over),
    Question("With a single layer the flow becomes:", ask("one layer"), over),
    Question("The best mean of minus log p that training could reach is:", ask("loss"), over),
])  # fmt: skip
ui.player(flows.train, config, flows.scene, key="learn", views=flows.VIEWS)
ui.explain(TEXTS[stage])
ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(transforms.spline, transforms.knots, transforms.affine, Coupling, Flow.log_density)
ui.sources(lesson.SOURCES)
ui.footer("flows")
