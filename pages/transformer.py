"""Transformer: where it looks, what each part does, and what breaks without it."""

from explorer import ui
from explorer.concepts import transformer
from explorer.concepts.transformer import inside, lesson, network, positions
from explorer.ui import Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("transformer")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, middle, place, rest = ui.controls([9, 5, 6, 3])
with data:
    shown = {name: ui.stencil(picture) for name, picture in lesson.pictures().items()}
    dataset = ui.choose("Task or text", lesson.NAMES, "dataset", HELP["dataset"], pictures=shown)
of_text = dataset in ("moby", "names")
with middle:
    stage = ui.choose("Stage", lesson.STAGES, "stage", HELP["stage"])
with rest:
    more = ui.more()
with place if not of_text else more:
    ways = ui.choose("Positions", lesson.WAYS, "positions", HELP["positions"])
with more:
    layers = ui.slider("Layers", 1, 4, 2, 1, "layers", HELP["layers"])
    heads = ui.slider("Heads a layer", 1, 6, 4, 1, "heads", HELP["heads"])
    size = ui.slider("Numbers a head", 4, 20, 12, 2, "size", HELP["width"])
    causal = ui.toggle("Causal mask", "causal", True, HELP["causal"])
    wide = ui.toggle("Networks after attention", "wide", True, HELP["wide"])
    fresh = ui.toggle("Texts from random weights", "fresh", False, HELP["fresh"])
    usual = transformer.usual(dataset)
    rate = ui.slider("Learning rate", 1e-4, 1.0, 5e-3, 1e-3, "rate", HELP["rate"], log=True)
    steps = ui.steps(usual.steps, 3000)
    seed = ui.seed()
config = ui.config(transformer.usual, dataset=dataset, positions=ways, layers=layers, heads=heads,
                   width=heads * size, causal=causal, wide=wide, fresh=fresh,
                   learning_rate=usual.learning_rate if of_text else rate,
                   steps=steps, seed=seed)  # fmt: skip
trained = ui.job(transformer.train, config)
over = trained.status == "done"


def ask(about: str) -> list[ui.Choice]:
    return [ui.Choice(*choice) for choice in lesson.CHOICES[about]]


ui.predictions("transformer", [
    Question("A block of letters is repeated. Can a single layer of attention look up what came "
             "next the last time?", ask("layers"), over),
    Question("How will the head that looks up the answer appear?", ask("gradual"), over),
    Question("Take the causal mask away. What happens?", ask("mask"), over),
])  # fmt: skip
if stage == "learn":
    ui.player(transformer.train, config, transformer.scene, key="learn", views=transformer.VIEWS)
    ui.explain(TEXTS["text" if of_text else "learn"])
else:
    own, which, head_of = ui.controls([6, 2, 2])
    with own:
        start = transformer.STARTS[dataset]
        text = ui.typed("Your text", start, f"own_{dataset}",
                        lambda words: transformer.LookConfig(dataset, words).text,
                        HELP["own"])  # fmt: skip
    with which:
        layer = ui.slider("Layer", 1, 4, 2, 1, "layer", HELP["layer"])
    with head_of:
        head = ui.slider("Head", 1, 6, 1, 1, "head", HELP["head"])
    look = ui.config(transformer.LookConfig, dataset=dataset, text=text, layer=layer, head=head)
    ui.player(transformer.look_over, look, transformer.look_scene, key="look",
              views=transformer.LOOKS, after=trained)  # fmt: skip
    ui.explain(TEXTS["look"])
ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(network.Attention, network.attend, positions.rotate, network.Layer, inside.look)
ui.sources(lesson.SOURCES)
ui.footer("transformer")
