"""Transformers: what the heads attend to, what each part does, what generation costs."""

from explorer import ui
from explorer.concepts import transformer
from explorer.concepts.shared import positions
from explorer.concepts.shared import transformer as network
from explorer.concepts.transformer import internals

STAGES = {"train": "Training", "attention": "Attention", "ablation": "Ablation",
          "generation": "Generation"}  # fmt: skip

page = ui.page(transformer)
page.presets()
data, middle, rest = ui.controls([33, 28, 9])
with middle:
    stage = page.choose("stage", STAGES)
config = page.settings(
    "train",
    strip={"dataset": 33},
    more=("position_encoding", "layers", "heads", "head_dim", "causal_mask", "mlp",
          "from_scratch", "learning_rate", "steps", "seed"),
    columns=[data, rest],
    pictures={"dataset": {
        name: ui.stencil(picture) for name, picture in transformer.pictograms().items()
    }},
)  # fmt: skip
run = page.run("train", config)
page.predictions(run.done)
if stage == "train":
    page.player(run, beside=True)
else:
    own, second, third = ui.controls([5, 3, 3])
    with own:
        text = page.typed(
            "text", transformer.EXAMPLES[config.dataset].replace("\n", ", "),
            lambda words: transformer.understood(config.dataset, words),
            parameter=f"text_{config.dataset}",
        )  # fmt: skip
    strip = {"attention": ("layer", "head"), "generation": ("temperature", "cache")}.get(stage, ())
    given = {"seed": config.seed} if stage == "generation" else {}
    chosen = page.settings(stage, dict.fromkeys(strip, 3), columns=[second, third],
                           dataset=config.dataset, text=text, **given)  # fmt: skip
    page.player(page.run(stage, chosen, after=run))
    if stage == "attention" and run.done:
        ui.attention(transformer.numbers(chosen, run.model), key="numbers")
page.text("texts" if config.of_text and stage == "train" else stage)
if config.of_text:
    page.note("shape")
shape = transformer.Config() if config.of_text else config  # a text has the shipped model's
page.end(network.Attention, network.attend, positions.rotate, network.Layer, internals.inspect,
         maths=("masked" if shape.causal_mask else "unmasked", "mlp" if shape.mlp else "attention",
                shape.position_encoding, "" if config.of_text else "task"))  # fmt: skip
