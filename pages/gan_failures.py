"""Failures and cures: why adversarial networks are hard to train, and what helps how often."""

from explorer import ui
from explorer.concepts import gan_failures as gf
from explorer.concepts.gan_failures import (
    bilinear,
    crowd,
    cures,
    diagnosis,
    game,
    lesson,
    rotation,
    table,
)

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("gan_failures")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
ill, well, rest = ui.controls([4, 4, 2])
with ill:
    failure = ui.choose("Failure", gf.FAILURE_NAMES, "failure", HELP["failure"])
with well:
    cure = ui.choose("Cure", lesson.CURES, "cure", HELP["cure"])
with rest, ui.more():
    dataset = ui.dataset("dataset", gf.DATA, "ring")
    steps, seed = ui.steps(2000, 10_000), ui.seed()
config = ui.config(gf.Config, dataset=dataset, failure=failure, cure=cure, steps=steps, seed=seed)
over = ui.job(gf.train, config).status == "done"


def ask(about: str) -> list[ui.Choice]:
    return [ui.Choice(*choice) for choice in lesson.CHOICES[about]]


ui.predictions("failures", [
    ui.Question("The stronger the judge, the better the generator?", ask("stronger"), over),
    ui.Question("Both losses have come to rest. Has it learnt every mode?", ask("losses"), over),
    ui.Question("A cure worked once. Will it work again?", ask("once"), over),
    ui.Question("Two players circle. Do smaller steps bring them to rest?", ask("smaller"), over),
])  # fmt: skip
ui.player(gf.train, config, gf.scene, key="pair", views=gf.VIEWS, beside=True)
if not gf.possible(failure, cure):
    ui.note(TEXTS["not"])
ui.explain(TEXTS["run"])

then = ui.choose("More", lesson.THEN, "then", HELP["then"])
ui.explain(TEXTS[then])
if then == "rates":
    ui.heat(list(gf.CURE_NAMES.values()), list(gf.FAILURE_NAMES.values()), table.shares(),
            key="rates", of="Cure", chosen=table.played)  # fmt: skip
    ui.beside(table.works(), table.fails(), TEXTS["fresh"])
elif then == "wall":
    ui.player(gf.wall, config, gf.wall_scene, key="wall", beside=True)
elif then == "posterior":
    ui.routes([ui.Route(title, promise, [ui.Stop("latent_space", todo, values)])
               for title, promise, todo, values in lesson.POSTERIOR])  # fmt: skip
elif then == "bilinear":
    left, right = ui.controls(2)
    with left:
        size = ui.slider("Step", 0.02, 1.0, 0.2, 0.02, "size", HELP["size"])
    with right:
        rounds = ui.slider("Rounds", 10, 500, 160, 10, "rounds", HELP["rounds"])
    orbit = ui.config(bilinear.Bilinear, size=size, rounds=rounds)
    ui.player(bilinear.orbits, orbit, bilinear.orbits_scene, key="bilinear")

ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(game.Games.round, game.Games.judge_update, game.Games.penalise, game.Games.pull,
          cures.feature_matching, cures.unrolled, cures.Memory, crowd.Discrimination,
          diagnosis.cured, rotation.correlation, bilinear.exact)  # fmt: skip
ui.sources(lesson.SOURCES)
ui.footer("gan_failures")
