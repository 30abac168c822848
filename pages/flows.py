"""Flows: bend space until data become noise, without tearing it, and bend noise into data."""

from explorer import ui
from explorer.concepts import diffusion, flows
from explorer.concepts.flows import continuous, lesson, transforms
from explorer.concepts.flows.coupling import Coupling, Flow
from explorer.ui import Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("flows")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, middle, rest = ui.controls([10.5, 8, 2.2])
with data:
    dataset = ui.dataset("dataset", lesson.DATA, "moons")
images = dataset in flows.IMAGES
with rest:
    more = ui.more()
strip = ui.controls([5, 3, 3])
with middle:
    stage = ui.choose("Stage", lesson.stages(dataset), "stage", HELP["stage"])
with more if stage == "glide" else strip[0]:
    coupling = ui.choose("A layer moves numbers by", lesson.KINDS, "coupling", HELP["coupling"])
with strip[1] if stage in ("learn", "bend") else more:
    usual, name = lesson.layers(dataset, coupling)
    layers = ui.slider("Layers", 1, 12, usual, 1, name, HELP["layers"])
with strip[2] if stage == "learn" else more:
    steps = ui.steps(*lesson.steps(dataset, coupling, stage))
with more:
    bins = ui.slider("Bins of a spline", 2, 32, 16, 1, "bins", HELP["bins"])
    waves = ui.slider("Waves a layer sees", 0, 8, lesson.WAVES[coupling], 1, f"waves_{coupling}",
                      HELP["waves"])  # fmt: skip
    hidden = ui.slider("Neurons a layer", 8, 128, 64, 8, "hidden", HELP["hidden"])
    usual, name = lesson.rate(dataset, coupling)
    rate = ui.slider("Learning rate", 1e-4, 1.0, usual, 1e-3, name, HELP["rate"], log=True)
    seed = ui.seed()
size = {} if images else {"bins": bins, "waves": waves, "hidden": hidden}
config = ui.config(flows.usual, dataset=dataset, coupling=coupling, layers=layers, steps=steps,
                   learning_rate=rate, seed=seed, **size)  # fmt: skip

if stage == "bend":
    with strip[2]:
        way = ui.choose("Direction", lesson.DIRECTIONS, "way", HELP["way"])
elif stage == "point":
    with strip[1]:
        x = ui.slider("Left to right", -2.5, 2.5, -0.5, 0.05, "x", HELP["x"])
    with strip[2]:
        y = ui.slider("Bottom to top", -2.5, 2.5, 0.9, 0.05, "y", HELP["y"])
elif stage == "glide":
    with strip[0]:
        rungs = ui.slider("Steps to data", 1, 60, 24, 1, "rungs", HELP["rungs"])
    with strip[1]:
        start = ui.number("Seed of the noise", 0, 9999, 0, "start", HELP["glide_seed"])

flowing = ui.config(flows.training, dataset=dataset, steps=steps, seed=seed)
trained = ui.job(*((diffusion.train, flowing) if stage == "glide" else (flows.train, config)))
over = trained.status == "done"


def ask(about: str) -> list[ui.Choice]:
    return [ui.Choice(*choice) for choice in lesson.CHOICES[about]]


ui.predictions("flows", [
    Question("Can a flow put empty space between two moons?", ask("tear"), over),
    Question("Add up the learnt density over the whole plane. It gives:", ask("mass"), over),
    Question("With a single layer the flow becomes:", ask("one layer"), over),
    Question("The best mean of minus log p that training could reach is:", ask("loss"), over),
    Question("Without layers, the network learns from straight lines. The ways it makes are:",
             ask("straight"), over),
])  # fmt: skip
if stage == "learn":
    ui.player(flows.train, config, flows.scene, key="learn", views=flows.VIEWS)
elif stage == "bend":
    ui.player(flows.bend, ui.config(flows.BendConfig, way=way), flows.bend_scene,
              key="bend", after=trained)  # fmt: skip
elif stage == "point":
    ui.player(flows.follow, ui.config(flows.PointConfig, x=x, y=y), flows.point_scene,
              key="point", after=trained)  # fmt: skip
else:
    ui.player(flows.glide, ui.config(flows.GlideConfig, rungs=rungs, seed=start),
              flows.glide_scene, key="glide", views=flows.GLIDE_VIEWS, after=trained)  # fmt: skip
ui.explain(TEXTS[stage])
ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(transforms.spline, transforms.knots, transforms.affine, Coupling, Flow.log_density,
          continuous.with_divergence, continuous.log_density)  # fmt: skip
ui.sources(lesson.SOURCES)
ui.footer("flows")
