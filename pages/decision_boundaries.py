"""Decision boundaries: two ways to learn from the same labels, and what only one of them can do."""

from explorer import ui
from explorer.concepts import decision_boundaries as db
from explorer.concepts.decision_boundaries import lesson
from explorer.concepts.decision_boundaries.discriminative import Logistic, Network
from explorer.concepts.decision_boundaries.generative import expect, maximise
from explorer.concepts.decision_boundaries.spam import EVENT_MODELS, naive_bayes
from explorer.ui import Choice, Question

HELP, TEXTS = lesson.HELP, lesson.TEXTS

ui.page("decision_boundaries")
ui.presets({name: ui.Preset(*preset) for name, preset in lesson.PRESETS.items()})
data, apart, made, many, rest = ui.controls([12, 5, 6, 4, 3])
with data:
    dataset = ui.dataset("dataset", lesson.DATA, "moons")
with apart:
    a = ui.choose("A, tells apart", db.DISCRIMINATIVE, "discriminative", HELP["discriminative"])
with made:
    b = ui.choose("B, makes up", db.GENERATIVE, "generative", HELP["generative"])
with many:
    labels = ui.slider("Labels", 8, 2048, 256, 1, "labels", HELP["labels"], log=True)
with rest, ui.more():
    overlap = ui.slider("Overlap of the classes", 0.0, 1.0, 0.3, 0.05, "overlap", HELP["overlap"])
    classes = ui.slider("At most so many classes", 2, 4, 4, 1, "classes", HELP["classes"])
    unlabelled = ui.slider("Unlabelled points", 0, 2000, 400, 50, "unlabelled", HELP["unlabelled"])
    components = ui.slider("B: Gaussians", 1, 12, 3, 1, "components", HELP["components"])
    bandwidth = ui.slider(
        "B: width of kernels", 0.0, 1.0, 0.0, 0.01, "bandwidth", HELP["bandwidth"]
    )
    hidden_units = ui.slider(
        "A: neurons a layer", 2, 128, 32, 2, "hidden_units", HELP["hidden_units"]
    )
    learning_rate = ui.slider("A: learning rate", 1e-4, 10.0, 0.01, 1e-3, "learning_rate",
                              HELP["learning_rate"], log=True)  # fmt: skip
    weight_decay = ui.slider("A: weight decay", 0.0, 5.0, 1.0, 0.1, "weight_decay",
                             HELP["weight_decay"])  # fmt: skip
    neighbours = ui.slider("A: neighbours", 1, 49, 9, 2, "neighbours", HELP["neighbours"])
    kernel_width = ui.slider("A: width of the kernel", 0.05, 4.0, 1.0, 0.05, "kernel_width",
                             HELP["kernel_width"])  # fmt: skip
    steps, seed = ui.steps(6500, 20_000), ui.seed()
config = ui.config(db.Config, dataset=dataset, discriminative=a, generative=b, labels=labels,
                   overlap=overlap, classes=classes, unlabelled=unlabelled, components=components,
                   bandwidth=bandwidth, hidden_units=hidden_units,
                   learning_rate=learning_rate, weight_decay=weight_decay,
                   neighbours=neighbours, kernel_width=kernel_width, steps=steps, seed=seed)  # fmt: skip
over = ui.job(db.train, config).status == "done"
ui.predictions("boundaries", [
    Question("Sixteen labels, two moons: who names the classes better?", [
        Choice("the net", False, "It bends to whatever sixteen labels ask for, and their "
               "accidents are most of what it knows. Flexible is not better while data are few."),
        Choice("the mixture", True, "It assumes that each class is a few clouds. That "
               "is nearly true and saves it dozens of labels: repeat the experiment below."),
        Choice("they are equal", False, "With 256 labels they nearly are. With 16 the "
               "assumption is all that can fill the gaps."),
    ], over),
    Question("Which of the two can draw a new point?", [
        Choice("both: run A backwards", False, "A maps points to odds. Which points there are, how "
               "dense and where, was never asked of it: there is nothing to run backwards."),
        Choice("only B", True, "It knows p(x, y): draw a class from p(y), then a point from "
               "p(x | y). That is what \"generative\" means. View: New points."),
        Choice("neither", False, "B's crosses are new: none of them is in the data."),
    ], over),
    Question("Far away from all data, what does the neural net say?", [
        Choice("half and half", False, "It is unsure on its boundary only. The further from it, "
               "the surer, all the way to infinity. View: Never seen."),
        Choice("\"I do not know\"", False, "It has no such answer: its odds must add up to one. "
               "Only p(x) can tell that nothing was ever seen there."),
        Choice("a class, almost surely", True, "Beyond the last label the odds just go on growing. "
               "B can notice: its p(x) is nearly zero there."),
    ], over),
    Question("With endless labels, how low can the test error go?", [
        Choice("to zero", False, "Where classes overlap one point comes with different labels. "
               "Nobody can name those right every time."),
        Choice("to the dashed line", True, "The best possible error. It belongs to the data, not "
               "to a model; a wrong assumption keeps a model above it for ever."),
        Choice("it keeps falling", False, "It flattens out, and no lower than the dashed line."),
    ], over),
])  # fmt: skip
ui.player(db.train, config, db.scene, key="both", views=db.VIEWS)
ui.explain(TEXTS["picture"])

then = ui.choose("Two more experiments", lesson.THEN, "then", HELP["then"])
ui.explain(TEXTS[then])
if then == "mail":
    words = ui.several("The mail", lesson.MAIL, "words", db.SpamFilterConfig().words, HELP["words"])
    left, right = ui.controls([2, 3])
    with left:
        mails = ui.slider("Labelled mails", 8, 8192, 256, 1, "mails", HELP["mails"], log=True)
    with right:
        event_model = ui.choose("Event model of naive Bayes", EVENT_MODELS, "event_model",
                                HELP["event_model"])  # fmt: skip
    ui.player(db.spam_filter, db.SpamFilterConfig(words, mails, event_model, seed),
              db.spam_filter_scene, key="spam_filter")  # fmt: skip
    ui.player(db.filter_learning_curves, db.FilterLearningCurvesConfig(event_model, seed=seed),
              db.learning_curves_scene, key="filter_learning_curves")  # fmt: skip
elif over:
    ui.player(db.learning_curves, db.learning_curves_config(config, 20),
              db.learning_curves_scene, key="learning_curves")  # fmt: skip
else:
    ui.note(TEXTS["wait"])

ui.maths(lesson.FORMULAS, lesson.SYMBOLS)
ui.source(db.train, Network, Logistic, expect, maximise, naive_bayes)
ui.sources(lesson.SOURCES)
ui.footer("decision_boundaries")
