"""Generative and discriminative models trained on the same labels, beside the Bayes classifier."""

from explorer import ui
from explorer.concepts import decision_boundaries as db
from explorer.concepts.decision_boundaries.discriminative import Logistic, Network
from explorer.concepts.decision_boundaries.generative import expect, maximise
from explorer.concepts.decision_boundaries.spam import naive_bayes

page = ui.page(db)
page.presets()
config = page.settings(
    "train",
    strip={"dataset": 13.5, "discriminative": 7, "generative": 6.7, "labels": 3.3},
    more=("overlap", "classes", "unlabelled", "components", "bandwidth", "hidden_units",
          "learning_rate", "weight_decay", "neighbours", "svm_c", "kernel_width", "steps", "seed"),
)  # fmt: skip
run = page.run("train", config)
page.predictions(run.done)
page.player(run)
page.text("run")

experiment = page.choose(
    "experiment", {"learning_curves": "Learning curves", "spam_filter": "Spam filter"}
)
page.text(experiment)
if experiment == "spam_filter":
    words = page.settings("spam_filter", {"words": 1}).words
    mail = page.settings(
        "spam_filter", {"mails": 2, "event_model": 3}, words=words, seed=config.seed
    )
    page.player(page.run("spam_filter", mail))
    again = {"event_model": mail.event_model, "seed": config.seed}
    curves = page.settings("filter_learning_curves", {}, **again)
    page.player(page.run("filter_learning_curves", curves))
elif run.done:
    page.player(page.run("learning_curves", db.learning_curves.learning_curves_config(config)))
else:
    page.note("wait")
page.end(db.train, Network, Logistic, expect, maximise, naive_bayes,
         maths=("em" if config.generative == "mixture" else "", experiment))  # fmt: skip
