"""The arena: every family of models on the same data, with the same budget, in one race."""

from explorer import ui
from explorer.concepts import arena
from explorer.concepts.arena import advice, lesson, sheet
from explorer.concepts.arena.exam import Exam
from explorer.concepts.arena.race import Lane

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("arena")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, budget, rest = ui.controls([14, 6, 3])
with data:
    dataset = ui.dataset("dataset", arena.DATA, "ring")
with budget:
    steps = ui.slider("Budget of each, in 1/100 s", 10, 1500, 500, 10, "steps", HELP["budget"])
with rest, ui.more():
    families = ui.several("Who takes part", lesson.LABELS, "families", tuple(lesson.LABELS),
                          HELP["families"])  # fmt: skip
    examples = ui.choose("Training points (plane)", lesson.EXAMPLES, "examples", HELP["examples"])
    parameters = ui.slider("Numbers in a model (plane)", 0, 20_000, 0, 100, "parameters",
                           HELP["parameters"])  # fmt: skip
    seeds = ui.slider("Models of each family", 1, 5, 1, 1, "seeds", HELP["seeds"])
    stake = ui.toggle("Predict first", "stake", True, HELP["stake"])
    seed = ui.seed()
config = ui.config(arena.Config, dataset=dataset, families=families, steps=steps,
                   parameters=parameters, examples=lesson.examples(examples), seeds=seeds,
                   seed=seed)  # fmt: skip
bets = lesson.ballot(config)
ready = ui.staked(bets) or not stake
race = ui.job(arena.train, config, train=ready)
last = race.snapshots[-1] if race.snapshots else None
ui.predictions(bets, [
    ui.Question(question, [ui.Choice(*choice) for choice in choices], reveal)
    for question, choices, reveal in lesson.stakes(config, last)
])  # fmt: skip
if ready:
    views = arena.IMAGE_VIEWS if config.of_images else arena.VIEWS
    ui.player(arena.train, config, arena.scene, key="race", views=views, beside=True)
else:
    ui.player(arena.line_up, config, arena.scene, key="start")
    ui.note(TEXTS["start"])
ui.table(sheet.rows(config, last), "marks", sheet.FORMATS, sheet.HELP, sheet.LINKS)
ui.heading("Choose for me")
needs = ui.several("I need", lesson.NEEDS, "needs", ("likelihood", "speed"), HELP["needs"])
advised = advice.advise(needs, dataset, last)
ui.explain(advised.words)
ui.table(advised.rows, "advised", {"mean rank": "%.1f"})
ui.explain(TEXTS["images" if config.of_images else "few" if config.few else "race"])
ui.explain(TEXTS["shape"])
ui.explain(TEXTS["budget"])
ui.explain(TEXTS["faces" if dataset == "faces" else "home"])
ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(arena.train, Lane.advance, Exam.marks)
ui.sources(lesson.SOURCES)
ui.footer("arena")
