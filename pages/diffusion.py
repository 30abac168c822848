"""Diffusion models: forward process, training, reverse process, editing an image."""

from explorer import ui
from explorer.concepts import diffusion
from explorer.concepts.diffusion import parameterisations, samplers

page = ui.page(diffusion)
page.presets()
data, middle, rest = ui.controls([12.5, 7.2, 2.4])
strip = ui.controls([5, 3, 3, 2])
with middle:
    stage = page.choose(
        "stage",
        {"forward": "Forward", "train": "Training", "reverse": "Reverse", "edit": "Editing"},
        default="train",
    )
if stage == "train":
    config = page.settings(
        "train", {"dataset": 1, "prediction": 1, "schedule": 1, "steps": 1},
        ("fourier_features", "hidden", "learning_rate", "batch", "seed"),
        columns=[data, *strip[:3], rest],
    )  # fmt: skip
elif stage == "forward":
    config = page.settings(
        "train", {"dataset": 1, "schedule": 1},
        ("prediction", "steps", "fourier_features", "hidden", "learning_rate", "batch", "seed"),
        columns=[data, strip[0], rest],
    )  # fmt: skip
else:
    config = page.settings(
        "train", {"dataset": 1},
        ("prediction", "schedule", "steps", "fourier_features", "hidden", "learning_rate", "batch",
         "seed"),
        columns=[data, rest],
    )  # fmt: skip
trained = page.run("train", config)
run, formulas = trained, [config.schedule, config.prediction]
if stage == "forward":
    shared = {"dataset": config.dataset, "schedule": config.schedule, "seed": config.seed}
    run = page.run("forward", page.settings("forward", {}, **shared))
elif stage == "reverse":
    third, other = ("guidance", "schedule") if config.of_images else ("schedule", "guidance")
    sampling = page.settings(
        "reverse", {"sampler": 5, "steps": 3, third: 3},
        (other, "label", "eta", "clip_denoised", "seed"), columns=strip,
    )  # fmt: skip
    run = page.run("reverse", sampling, after=trained)
    formulas[0] = "straight" if sampling.sampler == "flow" else sampling.schedule
    formulas += [sampling.sampler]
page.predictions(trained.done)
if stage == "edit" and config.of_images:
    pad, results = ui.controls([2, 7])
    with pad:
        example = diffusion.example(config.dataset)
        drawn = ui.draw_image(f"pad_{config.dataset}", example.shape, example, mask=True)
    editing = page.settings(
        "edit", {"task": 5, "label": 3, "noise_level": 3}, ("steps", "resamplings", "guidance"),
        columns=strip, drawing=diffusion.drawing_of(drawn), seed=config.seed,
    )  # fmt: skip
    with results:
        page.player(page.run("edit", editing, after=trained))
elif stage == "edit":
    page.note("images")
else:
    page.player(run)
page.text(stage)
page.end(parameterisations.Parameterisation.target, diffusion.Denoiser.loss, samplers.ddim,
         samplers.heun, samplers.guided,
         maths=("forward", *formulas, "guidance" if config.of_images else "score"))  # fmt: skip
