"""Latent space: train an autoencoder, then move, walk and calculate with its codes."""

from explorer import ui
from explorer.concepts import latent_space as vae
from explorer.concepts.latent_space import lesson, pictures
from explorer.concepts.latent_space.walk import lerp, slerp
from explorer.concepts.shared.vae import VAE, kl_to_prior, reparameterise
from explorer.ui import Choice, Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("latent_space")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, size, weight, rest = ui.controls([5, 2, 3, 2])
with data:
    dataset = ui.choose("Real images", lesson.DATA, "dataset", HELP["dataset"], pictures.datasets())
with size:
    latent = ui.choose("Size of the code", lesson.SIZES, "latent", HELP["latent"], default="2")
with weight:
    beta = ui.slider("Weight of the KL (beta)", 0.0, 16.0, 1.0, 0.1, "beta", HELP["beta"])
with rest, ui.more():
    steps = ui.steps(1400, 20_000)
    warmup = ui.slider("Warm-up", 0.0, 1.0, 0.5, 0.05, "warmup", HELP["warmup"])
    rate = ui.slider("Learning rate", 1e-4, 1.0, 6e-3, 1e-3, "rate", HELP["rate"], log=True)
    hidden = ui.slider("Neurons a layer", 8, 256, 128, 8, "hidden", HELP["hidden"])
    seed = ui.seed()
config = ui.config(vae.Config, dataset=dataset, latent=int(latent), beta=beta, steps=steps,
                   seed=seed, warmup=warmup, rate=rate, hidden=hidden)  # fmt: skip
over = ui.job(vae.train, config).status == "done"
ui.predictions("latent", [
    Question("Halfway between the codes of a 3 and an 8, the decoder paints:", [
        Choice("a fade of both", False, "That is what mixing pixels gives. A code is one point, "
               "and the decoder paints one image from it: choose the walk below and compare."),
        Choice("one shape in between", True, "The decoder is smooth: it bends one digit into the "
               "other, often by way of a third. Blurred, but a single shape."),
        Choice("noise", False, "It never learnt to paint noise; nearby codes give like images."),
    ], over),
    Question("Raise beta from 1 to 4. The rebuilt images become:", [
        Choice("sharper", False, "A stricter rule is not a better model: it taxes the code."),
        Choice("blurrier", True, "Each nat in the code now costs four times as much, so the codes "
               "say less and the decoder falls back on averages."),
        Choice("no different", False, "The KL pulls on the encoder, and the decoder can only paint "
               "what the code still tells. Try it and watch both halves."),
    ], over),
    Question("What does an empty spot between two clusters of the map decode to?", [
        Choice("noise", False, "Noise would need wild weights. The decoder is a smooth function."),
        Choice("a cross between the neighbours", True, "It must get from one cluster to the next "
               "without a jump. With beta 0 there are real gaps, and it shows."),
        Choice("a blank", False, "Every code decodes to something. Move there on the map below."),
    ], over),
    Question("Tiny digits, 8 numbers, beta 4. How many of the 8 will carry anything?", [
        Choice("all 8, a little each", False, "A unit that says little still pays for saying it: "
               "units are switched off one by one."),
        Choice("about half", False, "That is what beta 1 to 2 gives. At 4 even the best is dear."),
        Choice("none", True, "What the best unit earns is less than 4 times its KL. The decoder "
               "paints the average digit: the preset \"collapses\" shows it."),
    ], over),
])  # fmt: skip
job = ui.player(vae.train, config, vae.scene, key="vae", views=vae.VIEWS, beside=True)
ui.explain(TEXTS["picture"])

then = ui.choose("With the trained model", lesson.THEN, "then")
ui.explain(TEXTS[then])
if then == "map" and job.model:
    ui.latent_pad("z", job.model.sheet(), (vae.LIMITS, vae.LIMITS), *job.model.codes())
    ui.note(job.model.plane.words)
elif then == "map":
    ui.note(TEXTS["wait"])
elif then == "walk":
    names, images = pictures.labels(dataset), pictures.walkable(dataset)
    four = ui.toggle("Between four images", "four", False, HELP["four"])
    left, right = ui.controls(2)
    with left:
        a = ui.choose("From", names, "a", HELP["walk"], images, default="3")
        c = ui.choose("and from", names, "c", HELP["walk"], images, default="7") if four else ""
    with right:
        b = ui.choose("To", names, "b", HELP["walk"], images, default="8")
        d = ui.choose("and to", names, "d", HELP["walk"], images, default="9") if four else ""
    walk = vae.Walk(tuple(int(each) for each in (a, b, c, d) if each))
    ui.player(vae.film, walk, vae.walk_scene, key="walk", after=job)
elif then == "add":
    left, right = ui.controls([2, 1])
    with left:
        image = ui.choose(
            "Image", pictures.numbers(), "image", HELP["add"], pictures.addable(dataset)
        )
    with right:
        change = ui.choose("Add", vae.changes(dataset), f"add_{dataset}", HELP["change"])
    ui.player(vae.add, vae.Arithmetic(int(image), change), vae.arithmetic_scene,
              key="add", after=job)  # fmt: skip
else:
    names, images = pictures.labels(dataset), pictures.walkable(dataset)
    image = ui.choose("Image", names, "slow", HELP["walk"], images, default="3")
    ui.player(vae.slow, vae.Slow(int(image), seed), vae.slow_scene, key="slow", after=job)

ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(vae.train, VAE, reparameterise, kl_to_prior, lerp, slerp)
ui.sources(lesson.SOURCES)
ui.footer("latent_space")
