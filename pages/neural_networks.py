"""Neural networks: a network on the plane, unit by unit, beside the Bayes classifier."""

from explorer import ui
from explorer.concepts import neural_networks as nn
from explorer.concepts.neural_networks import model, network, optimisers

UNITS = ("units_1", "units_2", "units_3", "units_4", "units_5", "units_6")
MORE = ("features", "overlap", "points", "initialisation", "loss", "batch", "l1", "l2", "dropout",
        "normalisation", "residual", "change_step", "learning_rate_2", "edit_step", "edits",
        "steps", "seed")  # fmt: skip
STRIPS = {
    "backward": {"example": 3, "state": 3},
    "convolution": {"filters": 2, "example": 2, "shift": 5, "learning_rate": 2, "steps": 2},
    "recurrence": {"state_activation": 3, "state_units": 2, "length": 2, "steps": 2},
    "depth": {"activation": 3, "gain": 2, "depth": 2, "width": 2},
    "dead": {"width": 2, "depth": 2, "networks": 2},
    "sharpness": {"learning_rate": 2, "examples": 2, "steps": 2},
    "conditioning": {"condition": 2, "factor": 2, "adam_rate": 2, "steps": 2},
    "regularisers": {"points": 2, "overlap": 2, "l2": 2, "dropout": 2, "steps": 2},
    "double_descent": {"examples": 2, "noise": 2, "draws": 2},
    "plateaus": {"start": 4, "scale": 2, "steps": 2},
}
SEEDLESS = ("backward", "conditioning")

page = ui.page(nn)
page.presets()
*places, rest = ui.controls([13, 3.6, 3.9, 4, 3.9, 3.2])
first = page.settings(
    "train",
    {"dataset": 1, "layers": 1, "activation": 1, "optimiser": 1, "learning_rate": 1},
    columns=places,
)
config = page.settings(
    "train", {}, (*UNITS[: first.layers], *MORE), columns=[rest], dataset=first.dataset,
    layers=first.layers, activation=first.activation, optimiser=first.optimiser,
    learning_rate=first.learning_rate,
)  # fmt: skip
run = page.run("train", config)
page.predictions(run.done)
page.player(run, beside=True)
page.text("run", "maps")
labels = {key: each.label for key, each in nn.EXPERIMENTS.items() if key != "train"}
stage = page.choose("stage", {"edit": "Edit by hand", **labels})
page.text(stage)
alone = config.normalisation == "none"
if stage == "edit" and run.done and alone:
    ui.network_pad("edits", **run.model.parts())
elif stage == "backward" and run.done and alone:
    one = page.settings("backward", STRIPS["backward"])
    page.player(page.run("backward", one, after=run), autoplay=False)
elif stage in ("edit", "backward"):
    page.note("wait" if alone else "normalised")
elif stage == "nine_seeds":
    page.player(page.run("nine_seeds", page.settings("nine_seeds", {}, train=config)), beside=True)
else:
    seed = {} if stage in SEEDLESS else {"seed": config.seed}
    page.player(page.run(stage, page.settings(stage, STRIPS[stage], **seed)), beside=True)
page.end(model.Trainer, network.Network.forward, network.Network.backward, network.loss_gradient,
         optimisers.Optimiser.update, maths=(config.loss, config.optimiser, stage))  # fmt: skip
