"""Diffusion: destroy data with noise, learn the way back, make new data, finish a drawing."""

from explorer import ui
from explorer.concepts import diffusion
from explorer.concepts.diffusion import lesson, samplers, targets
from explorer.concepts.diffusion.network import Denoiser
from explorer.ui import Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("diffusion")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, middle, rest = ui.controls([11, 6, 3])
with data:
    dataset = ui.dataset("dataset", lesson.DATA, "grid")
images = dataset in diffusion.IMAGES
with rest:
    more = ui.more()
strip = ui.controls([5, 3, 3])
with middle:
    stage = ui.choose("Stage", lesson.stages(dataset), "stage", HELP["stage"], default="learn")
with strip[0] if stage == "learn" else more:
    objective = ui.choose("The network guesses", lesson.OBJECTIVES, "objective", HELP["objective"])
with strip[0] if stage == "destroy" else strip[1] if stage == "learn" else more:
    schedule = ui.choose("Schedule", lesson.PACES, "schedule", HELP["schedule"])
with strip[2] if stage == "learn" else more:
    steps = ui.steps(3000, 20_000)
with more:
    features = ui.slider("Waves of x", 0, 64, 32, 8, "features", HELP["features"])
    hidden = ui.slider("Neurons a layer", 16, 256, 96, 16, "hidden", HELP["hidden"])
    rate = ui.slider("Learning rate", 1e-4, 1.0, 5e-3, 1e-3, "rate", HELP["rate"], log=True)
    seed = ui.seed()
size = {} if images else {"features": features, "hidden": hidden}
config = ui.config(diffusion.usual, dataset=dataset, objective=objective, schedule=schedule,
                   steps=steps, seed=seed, learning_rate=rate, **size)  # fmt: skip
trained = ui.job(diffusion.train, config)

if stage == "make":
    with strip[0]:
        sampler = ui.choose("Sampler", lesson.WAYS, "sampler", HELP["sampler"])
    with strip[1]:
        rungs = ui.slider("Steps to data", 1, 100, 25, 1, "rungs", HELP["rungs"])
    with strip[2] if not images else more:
        ladder = ui.choose("Ladder", lesson.PACES, "ladder", HELP["ladder"])
    with strip[2] if images else more:
        guidance = ui.slider("Guidance", 0.0, 12.0, 1.75, 0.25, "guidance", HELP["guidance"])
    with more:
        label = ui.choose("Class", lesson.LABELS, "label", HELP["label"])
        eta = ui.slider("Fresh noise (eta)", 0.0, 1.0, 0.0, 0.1, "eta", HELP["eta"])
        clip = ui.toggle("Keep the guess in the box", "clip", False, HELP["clip"])
        again = ui.number("Seed of the walk", 0, 9999, 0, "walk_seed", HELP["walk_seed"])
elif stage == "draw":
    with strip[0]:
        task = ui.choose("Task", lesson.TASKS, "task", HELP["task"])
    with strip[1]:
        becomes = ui.choose("It becomes", lesson.BECOMES, "becomes", HELP["becomes"])
    with strip[2]:
        strength = ui.slider("Bury it in", 0.1, 10.0, 1.0, 0.1, "strength", HELP["strength"])

over = trained.status == "done"


def ask(about: str) -> list[ui.Choice]:
    return [ui.Choice(*choice) for choice in lesson.CHOICES[about]]


ui.predictions("diffusion", [
    Question("Remove all noise in a single step. Where do the points land?",
             ask("one step"), over),
    Question("Could training bring the loss to zero?", ask("loss"), over),
    Question("Does a model of images store the images that it learnt from?",
             ask("memory"), over),
    Question("More guidance makes the digits:", ask("guidance"), over),
])  # fmt: skip
if stage == "learn":
    ui.player(diffusion.train, config, diffusion.scene, key="learn", views=diffusion.VIEWS)
elif stage == "destroy":
    ui.player(diffusion.forward, diffusion.ForwardConfig(dataset, schedule, seed),
              diffusion.forward_scene, key="destroy")  # fmt: skip
elif stage == "make":
    walk = ui.config(diffusion.ReverseConfig, sampler=sampler, schedule=ladder, rungs=rungs,
                     eta=eta, guidance=guidance, label=int(label),
                     clip=clip, seed=again)  # fmt: skip
    ui.player(diffusion.reverse, walk, diffusion.reverse_scene, key="make", after=trained)
else:
    pad, answers = ui.controls([2, 7])
    with pad:
        start = diffusion.example(dataset)
        mine = ui.draw_image(f"pad_{dataset}", start.shape, start, mask=True)
    with answers:
        brush = ui.config(diffusion.painting, painted=mine, task=task, strength=strength,
                          label=int(becomes), seed=seed)  # fmt: skip
        ui.player(diffusion.paint, brush, diffusion.paint_scene, key="draw", after=trained)
ui.explain(TEXTS[stage])
ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(targets.Target.right_answer, Denoiser.loss, samplers.step, samplers.heun, samplers.guided)
ui.sources(lesson.SOURCES)
ui.footer("diffusion")
