"""Transformer: where it looks, what each part does, and what breaks without it."""

from explorer import ui
from explorer.concepts import transformer
from explorer.concepts.transformer import inside, lesson, network, positions
from explorer.ui import Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("transformer")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, middle, place, rest = ui.controls([33, 28, 28, 9])
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
    if of_text:
        ui.note(TEXTS["shape"])
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
    Question("A block of letters is repeated. Can one layer look up what came next?",
             ask("layers"), over),
    Question("How does the skill of looking up the answer appear?", ask("gradual"), over),
    Question("Take the causal mask away. What happens?", ask("mask"), over),
    Question("Keys and values of the past are kept, not computed again. How does the text change?",
             ask("cache"), over),
])  # fmt: skip
if stage == "learn":
    ui.player(transformer.train, config, transformer.scene, key="learn",
              views=transformer.VIEWS, beside=True)  # fmt: skip
else:
    own, second, third = ui.controls([5, 3, 3])
    with own:
        text = ui.typed("Your text", transformer.STARTS[dataset], f"own_{dataset}",
                        lambda words: transformer.LookConfig(dataset, words).text,
                        HELP["own"])  # fmt: skip
if stage == "look":
    with second:
        layer = ui.slider("Layer", 1, 4, 2, 1, "layer", HELP["layer"])
    with third:
        head = ui.slider("Head", 1, 6, 1, 1, "head", HELP["head"])
    look = ui.config(transformer.LookConfig, dataset=dataset, text=text, layer=layer, head=head)
    ui.player(transformer.look_over, look, transformer.look_scene, key="look",
              views=transformer.LOOKS, after=trained)  # fmt: skip
    if over:
        ui.attention(transformer.numbers(look, trained.model), key="numbers")
elif stage == "off":
    ui.player(transformer.without, transformer.LookConfig(dataset, text),
              transformer.without_scene, key="off", after=trained)  # fmt: skip
elif stage == "write":
    with second:
        warmth = ui.slider("Temperature", 0.0, 2.0, 0.7, 0.1, "warmth", HELP["warmth"])
    with third:
        cache = ui.toggle("Cache", "cache", True, HELP["cache"])
    job = transformer.WriteConfig(dataset, text, warmth, cache, seed)
    ui.player(transformer.write, job, transformer.cost_scene, key="write", after=trained)
ui.explain(TEXTS["text" if of_text and stage == "learn" else stage])
ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(network.Attention, network.attend, positions.rotate, network.Layer, inside.look)
ui.sources(lesson.SOURCES)
ui.footer("transformer")
