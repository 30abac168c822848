"""Failures of GAN training and their remedies: what helps, and how often."""

from explorer import ui
from explorer.concepts import gan_failures as gf
from explorer.concepts.gan_failures import (
    bilinear,
    diagnosis,
    minibatch,
    model,
    remedies,
    rotation,
    success_rates,
)

STAGES = {
    "rates": "Success rates",
    "nine_seeds": "Nine seeds",
    "bilinear": "The bilinear game",
    "posterior": "Posterior collapse",
}

page = ui.page(gf)
page.presets()
strip = {"failure": 4, "remedy": 4}
config = page.settings("train", strip, more=("dataset", "steps", "seed"))
run = page.run("train", config)
page.predictions(run.done)
page.player(run, beside=True)
if not gf.possible(config.failure, config.remedy):
    page.note("impossible")
page.text("run")
stage = page.choose("stage", STAGES)
page.text(stage)
if stage == "rates":
    names = list(gf.REMEDY_NAMES.values()), list(gf.FAILURE_NAMES.values())
    ui.heat(*names, success_rates.shares(), key="rates", of="Remedy", chosen=success_rates.chosen)
    ui.beside(success_rates.best_remedies(), success_rates.failed_remedies())
    page.text("fresh")
elif stage == "nine_seeds":
    page.player(page.run("nine_seeds", page.settings("nine_seeds", {}, train=config)), beside=True)
elif stage == "bilinear":
    settings = page.settings("bilinear", {"learning_rate": 1, "steps": 1})
    page.player(page.run("bilinear", settings))
else:
    words, links = page.prose.text, {"dataset": "digits", "latent_dim": "8"}
    before = ui.Stop("latent_space", words("before_task"), links | {"beta": "4.0"})
    after = ui.Stop("latent_space", words("after_task"), links | {"beta": "1.0"})
    ui.routes([ui.Route(words("before"), words("before_promise"), [before]),
               ui.Route(words("after"), words("after_promise"), [after])])  # fmt: skip
page.end(model.GAN.train_step, model.GAN.discriminator_update, model.GAN.penalise,
         model.RemediedGAN.sample_gradient, remedies.feature_matching, remedies.unrolled,
         remedies.HistoricalAverage, minibatch.Discrimination, diagnosis.succeeded,
         rotation.correlation, bilinear.exact)  # fmt: skip
