"""Comparison of model families: the same data, training time and evaluation for all."""

from explorer import ui
from explorer.concepts import arena
from explorer.concepts.arena import predictions, recommendation, score_table
from explorer.concepts.arena.measure import Evaluation
from explorer.concepts.arena.train import Candidate

page = ui.page(arena)
page.presets()
data, time, rest = ui.controls([14, 6, 3])
config = page.settings("train", {"dataset": 14, "steps": 6}, columns=[data, time, rest],
                       more=("families", "examples", "parameters", "seeds", "seed"))  # fmt: skip
with rest:
    predict_first = page.toggle("predict_first", True)
name = predictions.name(config)
ready = ui.predicted(name) or not predict_first
run = page.run("train", config, train=ready)
page.predictions(run.done, name=name, first=[
    ui.Question(question, [ui.Choice(*choice) for choice in choices], reveal)
    for question, choices, reveal in predictions.questions(config, run.last)
])  # fmt: skip
if ready:
    page.player(run, beside=True)
else:
    page.player(page.run("preview", arena.PreviewConfig(config)))
    page.note("wait")
ui.table(score_table.rows(config, run.last), "scores", score_table.FORMATS, score_table.HELP,
         score_table.LINKS)  # fmt: skip
page.text("recommend")
needs = page.several("needs", recommendation.LABELS, ("likelihood", "speed"))
recommended = recommendation.recommend(needs, config.dataset, run.last)
ui.explain(recommended.words)
ui.table(recommended.rows, "recommended", {"mean rank": "%.1f"})
page.text("images" if config.of_images else "few" if config.few else "plane", "radar")
page.text("budget", "faces" if config.dataset == "faces" else "data")
page.end(arena.train, Candidate.advance, Evaluation.score,
         maths="" if config.of_images else "plane")  # fmt: skip
