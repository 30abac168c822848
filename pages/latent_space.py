"""Latent space: train a VAE, then move, interpolate and do arithmetic with its latent codes."""

from explorer import ui
from explorer.concepts import latent_space
from explorer.concepts.latent_space import interpolation, thumbnails
from explorer.concepts.shared import vae

page = ui.page(latent_space)
page.presets()
config = page.settings(
    "train",
    strip={"dataset": 5, "latent_dim": 2, "beta": 3},
    more=("steps", "warmup", "learning_rate", "hidden", "seed"),
    pictures={"dataset": thumbnails.datasets()},
)
run = page.run("train", config)
page.predictions(run.done)
page.player(run, beside=True)
page.text("run")

stages = {key: each.label for key, each in latent_space.EXPERIMENTS.items() if each.after}
stage = page.choose("stage", {"map": "Latent map", **stages})
page.text(stage)
pictures, labels = thumbnails.controls(config.dataset, stage)
if stage == "map" and run.done:
    model = run.model
    ui.latent_pad("z", model.decoded_grid(), (latent_space.LIMITS,) * 2, *model.mapped())
    ui.note(model.projection.description)
elif stage == "map":
    page.note("wait")
elif stage == "interpolation":
    path = page.settings(stage, strip={"first": 5, "second": 5, "four": 2},
                         pictures=pictures, labels=labels)  # fmt: skip
    if path.four:
        path = page.settings(stage, strip={"third": 5, "fourth": 5}, pictures=pictures,
                             labels=labels, first=path.first, second=path.second,
                             four=True)  # fmt: skip
    page.player(page.run(stage, path, after=run))
elif stage == "arithmetic":
    sum_ = page.settings(stage, strip={"image": 5, "attribute": 3},
                         pictures=pictures, labels=labels)  # fmt: skip
    page.player(page.run(stage, sum_, after=run))
else:
    draw = page.settings(stage, strip={"image": 1}, seed=config.seed,
                         pictures=pictures, labels=labels)  # fmt: skip
    page.player(page.run(stage, draw, after=run))
page.end(latent_space.train, vae.VAE, vae.reparameterise, vae.kl_to_prior, interpolation.lerp,
         interpolation.slerp, maths="linear" if config.linear else "")  # fmt: skip
