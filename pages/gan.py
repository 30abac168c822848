"""Generative adversarial networks, beside the optimal discriminator."""

from explorer import ui
from explorer.concepts import gan
from explorer.concepts.gan import measure
from explorer.concepts.shared.adversarial import network

page = ui.page(gan)
page.presets()
config = page.settings(
    "train",
    strip={"dataset": 14, "loss": 5, "regulariser": 4},
    more=("d_updates", "learning_rate", "gamma", "d_lr_ratio", "lr_decay", "ema_decay", "beta1",
          "batch", "latent_dim", "hidden", "d_hidden", "fourier_features", "input_scale",
          "lazy_interval", "steps", "seed"),
)  # fmt: skip
images = config.of_images
run = page.run("train", config)
page.predictions(run.done)
page.player(run, beside=True)
page.text("digits" if images else "run")
page.text("numbers")
page.text("nearest" if images else "optimal", blur=measure.BLUR)
if not images and run.done:
    left, right = ui.controls([5, 2])
    with left:
        page.text("updates")
    steps = page.settings("step_by_step", {"start": 2}, columns=[right], train=config)
    page.player(page.run("step_by_step", steps, after=run), autoplay=False)
elif not images:
    page.note("wait")
if not images and page.toggle("nine_seeds"):
    page.text("seeds")
    page.player(page.run("nine_seeds", page.settings("nine_seeds", {}, train=config)), beside=True)
page.end(gan.GAN.train_step, gan.GAN.discriminator_update, gan.GAN.penalise,
         gan.GAN.generator_update, network.MLP, measure.generated_density,
         maths=(config.loss, "spectral" if config.regulariser == "spectral" else config.penalty,
                "digits" if images else "plane"))  # fmt: skip
