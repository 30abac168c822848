"""Metrics: spoil a perfect set and see which metric notices, and which is blind."""

from explorer import ui
from explorer.concepts import metrics
from explorer.concepts.metrics import lesson
from explorer.truth import distances, features, words

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("metrics")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
left, right = ui.controls([9, 19])
with left:
    stage = ui.choose("Stage", lesson.STAGES, "stage", HELP["stage"])
of_words = stage == "words"
with right:
    data, *others, rest = ui.controls(lesson.WIDTHS[stage])
with data:
    if of_words:
        ui.note(TEXTS["book"])
        dataset = metrics.TEXT
    else:
        dataset = ui.dataset("dataset", lesson.DATA, "mnist", drawing=False)
if stage in metrics.DAMAGES:
    with others[0]:
        damage = ui.choose("Damage", *lesson.KINDS[stage])
    with others[1]:
        strength = ui.slider("Strength", 0.0, 1.0, 1.0, 0.05, "strength", HELP["strength"])
with rest, ui.more():
    if stage != "sizes":
        samples = ui.slider("Samples", 50, 1000, 400, 50, "samples", HELP["samples"])
    if stage in metrics.DAMAGES:
        steps = ui.slider("Steps of damage", 10, 100, 20, 10, "steps", HELP["steps"])
    seed = ui.seed()
if stage == "sizes":
    config = ui.config(metrics.SizesConfig, dataset=dataset, seed=seed)
elif stage == "league":
    config = ui.config(metrics.LeagueConfig, dataset=dataset, samples=samples, seed=seed)
else:
    config = ui.config(metrics.Config, dataset=dataset, damage=damage, strength=strength,
                       samples=samples, steps=steps, seed=seed)  # fmt: skip
process, scene, views = metrics.STAGES[stage]
run = ui.job(process, config)
over = run.status == "done"


def ask(about: str) -> list[ui.Choice]:
    return [ui.Choice(*choice) for choice in lesson.CHOICES[about]]


ui.predictions("metrics", [
    ui.Question("Every picture is a copy from the training set. The Fréchet distance is:",
                ask("memory"), over),
    ui.Question("Half of the classes are missing. Which metric notices?", ask("half"), over),
    ui.Question("The words of every sentence are shuffled. Which metric gives full marks?",
                ask("salad"), over),
    ui.Question("What Fréchet distance has a perfect model?", ask("floor"), over),
])  # fmt: skip
ui.player(process, config, scene, key=f"run_{stage}", views=views,
          beside=stage not in metrics.DAMAGES)  # fmt: skip
ui.beside(TEXTS[stage], TEXTS["pairs" if of_words else "floor"], TEXTS["eyes"])
ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(distances.frechet_of_moments, features.kernel_distance, features.inception_score,
          features.shares, features.novelty, words.bleu, words.rouge_l,
          words.self_bleu)  # fmt: skip
ui.sources(lesson.SOURCES)
ui.footer("metrics")
