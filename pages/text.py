"""Text: a ladder from hand-written rules to a transformer, one measure, one symbol at a time."""

from explorer import ui
from explorer.concepts import text
from explorer.concepts.text import lesson, lstm, ngram
from explorer.concepts.text.learner import Learner
from explorer.data import text as corpora
from explorer.ui import Choice, Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("text")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
what, ladder, long, rest = ui.controls([4, 4, 2, 1.4])
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
    dropout = ui.slider("Dropout", 0.0, 0.6, 0.25, 0.05, "dropout", HELP["dropout"])
    seed = ui.seed()
if dataset == "own":
    mine = ui.paste("Your own text", "own", corpora.checked, corpora.LONGEST)
    dataset = corpora.OWN + mine if mine else "names"
config = ui.config(text.Config, dataset=dataset, rungs=rungs, pairs=int(pairs), k=k,
                   smoothing=smoothing, hidden=hidden, dropout=dropout, steps=steps,
                   seed=seed)  # fmt: skip
over = ui.job(text.train, config).status == "done"
ui.predictions("text", [
    Question("Counting pairs beats counting letters. Does counting runs of seven beat all?", [
        Choice("yes, more context is better", False, "It would with endless text. Most runs of "
               "seven were never seen before, and little can be counted of them."),
        Choice("no, there is a best length", True, "Longer contexts tell more but were seen less "
               "often. Choose the view How far back to count."),
        Choice("all are the same", False, "From one to four symbols every step back helps a lot."),
    ], over),
    Question("8,000 first names. Who guesses unseen names best after one second?", [
        Choice("the LSTM", False, "It needs thousands of updates to find out what counting knows "
               "at once."),
        Choice("the transformer", False, "It is the slowest starter: it first has to learn where "
               "to look."),
        Choice("counting", True, "All counts are there after a tenth of a second. Networks need "
               "time or data to win."),
    ], over),
    Question("Could a perfect model reach 0 bits per character?", [
        Choice("yes, with enough training", False, "Then every next letter would be certain. Text "
               "has choices in it: that is what it is for."),
        Choice("no, never below the entropy", True, "The source itself throws dice. Choose the "
               "known source: its floor is exact."),
        Choice("only a transformer could", False, "No model can know a die before it falls."),
    ], over),
])  # fmt: skip
job = ui.player(text.train, config, text.scene, key="text", views=text.VIEWS)
ui.explain(TEXTS["run"])

ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(text.train, ngram.fit, lstm.cell, lstm.Recurrence, Learner.advance)
ui.sources(lesson.SOURCES)
ui.footer("text")
