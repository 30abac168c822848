"""Adversarial networks: a forger and a judge train each other, beside the best judge there is."""

from explorer import ui
from explorer.concepts import gan, gan_failures
from explorer.concepts.gan import density, lesson, network

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("gan")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, game, hold, rest = ui.controls([14, 5, 4, 3])
with data:
    dataset = ui.dataset("dataset", lesson.DATA, "ring")
with game:
    loss = ui.choose("Loss", lesson.GAMES, "loss", HELP["loss"])
with hold:
    leash = ui.choose("Leash", lesson.LEASHES, "regulariser", HELP["regulariser"])
with rest, ui.more():
    turns = ui.slider("Judge's turns", 1, 5, 1, 1, "d_updates", HELP["d_updates"])
    rate = ui.slider("Generator's step", 1e-4, 1.0, 6e-3, 1e-3, "rate", HELP["rate"], log=True)
    gamma = ui.slider("Strength of the leash", 0.0, 10.0, 0.2, 0.1, "gamma", HELP["gamma"])
    d_rate = ui.slider("Judge's step", 0.1, 10.0, 1.5, 0.1, "d_rate", HELP["d_rate"])
    fade = ui.toggle("Steps fade", "fade", True, HELP["fade"])
    average = ui.toggle("Average the weights", "average", True, HELP["average"])
    beta1 = ui.slider("Memory of Adam", 0.0, 0.95, 0.5, 0.05, "beta1", HELP["beta1"])
    batch = ui.slider("Batch", 2, 1024, 256, 2, "batch", HELP["batch"])
    z = ui.slider("Numbers of noise", 0, 32, 0, 1, "z", HELP["z"])
    hidden = ui.slider("Generator's neurons", 1, 256, 64, 1, "hidden", HELP["hidden"])
    d_hidden = ui.slider("Judge's neurons", 1, 256, 64, 1, "d_hidden", HELP["d_hidden"])
    fourier = ui.slider("Waves for the judge", 0, 32, 0, 1, "fourier", HELP["fourier"])
    zoom = ui.slider("Judge's magnifier", 0.5, 5.0, 1.0, 0.5, "zoom", HELP["zoom"])
    lazy = ui.slider("Pay the penalty every", 1, 16, 1, 1, "lazy", HELP["lazy"])
    steps, seed = ui.steps(5000, 20_000), ui.seed()
config = ui.config(gan.Config, dataset=dataset, loss=loss, regulariser=leash, gamma=gamma,
                   d_updates=turns, learning_rate=rate, d_rate=d_rate, fade=fade, beta1=beta1,
                   batch=batch, z=z, hidden=hidden, d_hidden=d_hidden, fourier=fourier, zoom=zoom,
                   lazy=lazy, keep=0.999 * average, steps=steps, seed=seed)  # fmt: skip
trained = ui.job(gan.train, config)
over = trained.status == "done"


def ask(about: str) -> list[ui.Choice]:
    return [ui.Choice(*choice) for choice in lesson.CHOICES[about]]


ui.predictions("gan", [
    ui.Question("The generator sees no real point. What does it learn from?",
             ask("teacher"), over),
    ui.Question("At rest, how high is the judge's loss?", ask("end"), over),
    ui.Question("Both losses stand still. Are the points now as good as real?",
             ask("rest"), over),
    ui.Question("A mode has no points. Does the generator notice?", ask("missing"), over),
])  # fmt: skip
views = gan.IMAGE_VIEWS if config.of_images else gan.VIEWS
ui.player(gan.train, config, gan.scene, key="run", views=views, beside=True)
ui.explain(TEXTS["digits" if config.of_images else "run"])
ui.explain(TEXTS["numbers"])
ui.explain(TEXTS["copied" if config.of_images else "best"])
if not config.of_images and not over:
    ui.note(TEXTS["wait"])
elif over and not config.of_images:
    told, chosen = ui.controls([5, 2])
    with told:
        ui.explain(TEXTS["slow"])
    with chosen:
        start = ui.choose("From", lesson.STARTS, "start", HELP["start"], default="1")
    ui.player(gan.updates, gan.Slow(config, int(start)), gan.slow_scene, key="slow",
              after=trained, autoplay=False)  # fmt: skip
if not config.of_images and ui.toggle("How sure are you?", "sure", False, HELP["sure"]):
    ui.explain(TEXTS["sure"])
    ui.player(gan_failures.nine_seeds, config, gan_failures.wall_scene, key="nine",
              beside=True)  # fmt: skip
ui.maths(lesson.formulas(loss), lesson.SYMBOLS)
ui.source(gan.Game.round, gan.Game.judge_update, gan.Game.penalise, gan.Game.forger_update,
          network.Perceptron, density.made_density)  # fmt: skip
ui.sources(lesson.SOURCES)
ui.footer("gan")
