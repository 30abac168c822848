"""Normalizing flows: training, layer by layer, the change of variables, continuous flows."""

from explorer import ui
from explorer.concepts import flows
from explorer.concepts.flows import flow_matching, univariate

NETWORK = ("fourier_features", "hidden", "learning_rate", "batch")

page = ui.page(flows)
page.presets()
data, middle, rest = ui.controls([12, 5, 2.4])
strip = ui.controls([5, 3, 3, 2.2])
with middle:
    labels = {key: each.label for key, each in flows.EXPERIMENTS.items()}
    stage = page.choose("stage", labels, default="train")
if stage == "train":
    config = page.settings(
        "train", {"dataset": 1, "coupling": 1, "layers": 1, "steps": 1},
        ("bins", *NETWORK, "seed"), columns=[data, *strip[:3], rest],
    )  # fmt: skip
elif stage in ("transform", "point"):
    config = page.settings(
        "train", {"dataset": 1, "coupling": 1}, ("layers", "steps", "bins", *NETWORK, "seed"),
        columns=[data, strip[0], rest],
    )  # fmt: skip
else:
    config = page.settings("train", {"dataset": 1}, ("seed",), columns=[data, rest])
in_plane = not config.of_images or stage in ("train", "transform")
if stage in ("flow_matching", "trajectory"):
    first = {"steps": 1} if stage == "flow_matching" else {}
    matching = page.settings(
        "flow_matching", first, (*(() if first else ("steps",)), *NETWORK),
        columns=[*strip[: len(first)], strip[3]], seed=config.seed,
        dataset=config.dataset if in_plane else "moons",
    )  # fmt: skip
    run = trained = page.run("flow_matching", matching, train=in_plane)
else:
    run = trained = page.run("train", config)
if stage == "transform":
    chosen = page.settings("transform", {"direction": 1}, columns=strip[1:])
    run = page.run("transform", chosen, after=trained)
elif stage == "point":
    chosen = page.settings("point", {"x": 1, "y": 1}, columns=strip[1:])
    run = page.run("point", chosen, after=trained, train=in_plane)
elif stage == "trajectory":
    chosen = page.settings("trajectory", {"steps": 1, "seed": 1}, columns=strip)
    run = page.run("trajectory", chosen, after=trained, train=in_plane)
page.predictions(trained.done)
if in_plane:
    page.player(run)
else:
    page.note("plane")
page.text(stage)
page.end(
    univariate.spline, univariate.knots, univariate.affine, flows.Coupling, flows.Flow.log_density,
    flow_matching.with_divergence, flow_matching.log_density,
    maths="continuous" if stage in ("flow_matching", "trajectory")
    else ("layers", "affine" if config.coupling == "affine" else "spline"),
)  # fmt: skip
