"""Text: a ladder from hand-written rules to a transformer, one measure, one symbol at a time."""

from explorer import ui
from explorer.concepts import text
from explorer.concepts.text import lesson, lstm, ngram
from explorer.concepts.text.learner import Learner
from explorer.data import text as corpora
from explorer.ui import Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("text")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
what, ladder, long, rest = ui.controls([5, 4, 2, 1.4])
with what:
    dataset = ui.choose("Text", lesson.TEXTS_TO_LEARN, "dataset", HELP["dataset"])
with ladder:
    rungs = ui.several("Networks", lesson.LADDER, "rungs", tuple(lesson.LADDER), HELP["rungs"])
with long:
    steps = ui.steps(600, 6000)
with rest, ui.more():
    pairs = ui.choose("Symbols", lesson.SYMBOLS_OF, "pairs", HELP["pairs"])
    smoothing = ui.choose("n-grams", lesson.SMOOTH, "smoothing", HELP["smoothing"])
    k = ui.slider("k of add-k", 1e-3, 10.0, 0.1, 1e-3, "k", HELP["k"], log=True)
    hidden = ui.slider("Neurons", 16, 192, 96, 16, "hidden", HELP["hidden"])
    dropout = ui.slider("Dropout", 0.0, 0.6, 0.15, 0.05, "dropout", HELP["dropout"])
    noise = ui.slider("Swapped", 0.0, 0.5, 0.0, 0.05, "noise", HELP["noise"])
    width = ui.slider("Beam", 1, 16, 4, 1, "width", HELP["width"])
    seed = ui.seed()
if dataset == "own":
    mine = ui.paste("Your own text", "own", corpora.checked, corpora.LONGEST)
    dataset = corpora.OWN + mine if mine else "names"
config = ui.config(text.Config, dataset=dataset, rungs=rungs, pairs=int(pairs), k=k,
                   smoothing=smoothing, hidden=hidden, dropout=dropout, noise=noise,
                   steps=steps, seed=seed)  # fmt: skip
over = ui.job(text.train, config).status == "done"

ui.predictions("text", [
    Question(words, [ui.Choice(*choice) for choice in lesson.CHOICES[about]], over)
    for about, words in lesson.QUESTIONS.items()
])  # fmt: skip
job = ui.player(text.train, config, text.scene, key="text", views=text.VIEWS)
ui.explain(TEXTS["run"])

first, second, third = ui.controls([4, 4, 5])
with first:
    then = ui.choose("And now", lesson.THEN, "then", HELP["then"])
with second:
    if then in ("next", "tree", "new"):
        rung = ui.choose("Who writes", lesson.writers(rungs), "rung", HELP["rung"], default="ngram")
    elif then == "sizes":
        rung = ui.choose("Network", lesson.LADDER, "which", HELP["which"], default="lstm")
    elif then == "rules":
        book = ui.choose("Rules", lesson.RULEBOOKS, "book", HELP["book"])
with third:
    if then in ("next", "tree"):
        prompt = ui.typed("Beginning", lesson.prompt(dataset), "prompt", text.known, HELP["prompt"])
    elif then == "sizes":
        by_size = ui.toggle("Time by size", "by_size", False, HELP["by_size"])
    elif then == "rules" and book == "eliza":
        said = ui.typed("Say something", text.Eliza.said, "said", text.spoken, HELP["say"])
    elif then == "rules":
        turn = ui.slider("Which sentence", 0, 99, 0, 1, "turn", HELP["turn"])
ui.explain(TEXTS[then])
if then in ("next", "tree"):
    one, two, three, four = ui.controls(4)
    with one:
        heat = ui.slider("Temperature", 0.1, 3.0, 1.0, 0.1, "temperature", HELP["temperature"])
    with two:
        top_k = ui.slider("Top-k", 0, 30, 0, 1, "top_k", HELP["top_k"])
    with three:
        top_p = ui.slider("Top-p", 0.05, 1.0, 1.0, 0.05, "top_p", HELP["top_p"])
    with four:
        penalty = ui.slider("Penalty", 1.0, 3.0, 1.0, 0.1, "penalty", HELP["penalty"])
    filters = text.Filters(heat, top_k, top_p, penalty)
if then == "next" and job.model:
    ui.next_symbol(text.places(job.model, prompt, rung, filters), "prompt")
elif then == "next":
    ui.note(TEXTS["wait"])
elif then == "tree":
    walk = text.Ways(prompt, rung, filters, width, seed=seed)
    ui.player(text.ways, walk, text.ways_scene, key="tree", after=job)
elif then == "new":
    ui.player(text.origin, text.Origin(rung, seed=seed), text.origin_scene, key="new", after=job)
elif then == "sizes":
    grown = text.Sizes(config, rung, by_size)
    ui.player(text.sizes, grown, text.sizes_scene, key="sizes")
    ui.beside(*text.told(text.shipped()))
elif then == "pairs":
    ui.player(text.longer, text.Longer(dataset), text.longer_scene, key="pairs")
elif book == "eliza":
    ui.player(text.talk, text.Eliza(said, seed=seed), text.eliza_scene, key="eliza")
else:
    ui.player(text.derive, text.Grammar(seed=turn), text.grammar_scene, key="grammar")

ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(text.train, ngram.fit, lstm.cell, lstm.Recurrence, Learner.advance)
ui.sources(lesson.SOURCES)
ui.footer("text")
