"""Neural networks: a network on the plane, unit by unit, beside the Bayes classifier."""

from explorer import ui
from explorer.concepts import neural_networks as nn
from explorer.concepts.neural_networks import model, network, optimisers

UNITS = ("units_1", "units_2", "units_3", "units_4", "units_5", "units_6")
MORE = ("features", "overlap", "points", "initialisation", "loss", "batch", "l1", "l2", "dropout",
        "normalisation", "residual", "change_step", "learning_rate_2", "edit_step", "edits",
        "steps", "seed")  # fmt: skip

page = ui.page(nn)
page.presets()
*places, rest = ui.controls([13.5, 3, 4, 4, 4, 3])
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
stage = page.choose("stage", {"edit": "Edit by hand", "backward": "One backward pass"})
page.text(stage)
plain = config.normalisation == "none"
if not run.done:
    page.note("wait")
elif not plain:
    page.note("normalised")
elif stage == "edit":
    ui.network_pad("edits", **run.model.parts())
else:
    one = page.settings("backward", {"example": 3, "state": 2})
    page.player(page.run("backward", one, after=run), autoplay=False)
page.end(model.Trainer, network.Network.forward, network.Network.backward, network.loss_gradient,
         optimisers.Optimiser.update, maths=(config.loss, config.optimiser))  # fmt: skip
