"""Generative adversarial networks, beside the optimal discriminator."""

from explorer import ui
from explorer.concepts import gan, gan_failures
from explorer.concepts.gan import density, network

page = ui.page(gan)
page.presets()
config = page.settings(
    "train",
    strip={"dataset": 14, "loss": 5, "regulariser": 4},
    more=("d_updates", "learning_rate", "gamma", "d_rate", "fade", "keep", "beta1", "batch", "z",
          "hidden", "d_hidden", "fourier", "zoom", "lazy", "steps", "seed"),
)  # fmt: skip
run = page.run("train", config)
page.predictions(run.done)
page.player(run, beside=True)
page.text("digits" if config.of_images else "run")
page.text("numbers")
page.text("copied" if config.of_images else "optimal", blur=density.SIGHT)
if not config.of_images and run.done:
    told, chosen = ui.controls([5, 2])
    with told:
        page.text("updates")
    slow = page.settings("slow", {"start": 2}, columns=[chosen], game=config)
    page.player(page.run("slow", slow, after=run), autoplay=False)
elif not config.of_images:
    page.note("wait")
if not config.of_images and page.toggle("nine_seeds"):
    page.text("seeds")
    ui.player(gan_failures.nine_seeds, config, gan_failures.wall_scene, key="nine",
              beside=True)  # fmt: skip
page.end(gan.Game.round, gan.Game.judge_update, gan.Game.penalise, gan.Game.forger_update,
         network.Perceptron, density.made_density, maths=config.loss)  # fmt: skip
