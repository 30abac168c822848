"""Language models compared, from hand-written rules to a transformer, token by token."""

from explorer import ui
from explorer.concepts import text
from explorer.concepts.shared import lstm, ngram
from explorer.concepts.text.learner import Learner
from explorer.data import text as corpora

FILTERS = {"temperature": 1, "top_k": 1, "top_p": 1, "repetition_penalty": 1}

page = ui.page(text)
page.presets()
what, *rest = ui.controls([5, 4, 2, 1.4])
with what:
    dataset = page.choose("dataset", {"names": "names", "moby": "Moby-Dick",
                                      "markov": "Markov source", "own": "yours"})  # fmt: skip
if dataset == "own":
    help = page.help("own")
    mine = ui.paste(help.label, "own", corpora.checked, corpora.LONGEST, help.text)
    dataset = corpora.OWN + mine if mine else "names"
config = page.settings(
    "train",
    strip={"networks": 4, "steps": 2},
    more=("merges", "smoothing", "add_k", "hidden", "dropout", "data_noise", "seed"),
    columns=rest,
    dataset=dataset,
)
run = page.run("train", config)
page.predictions(run.done)
page.player(run)
page.text("run")

first, second, third = ui.controls([3, 6, 4])
with first:
    stage = page.choose("stage", {
        "next_token": "Next token", "decoding": "Decoding", "memorisation": "Memorisation",
        "dataset_size": "Dataset size", "rules": "Hand-written rules",
        "byte_pairs": "Byte-pair encoding",
    })  # fmt: skip
with second:
    if stage in ("next_token", "decoding", "memorisation"):
        trained = {key: text.NETWORKS[key] for key in config.networks}
        model = page.choose("model", text.UNTRAINED | trained, default="ngram")
    elif stage == "rules":
        method = page.choose("method", {"grammar": "context-free grammar", "eliza": "ELIZA"})
if stage in ("next_token", "decoding"):
    with third:
        prompt = page.typed(
            "prompt", text.PROMPTS.get(dataset, ""), lambda words: text.prompt(words, config.corpus)
        )
    strip = FILTERS | ({"beam_width": 1} if stage == "decoding" else {})
    decoding = page.settings("decoding", strip, prompt=prompt, model=model, seed=config.seed)
page.text(stage)
if stage == "next_token" and run.done:
    ui.next_token(text.next_tokens(run.model, decoding), "prompt")
elif stage == "next_token":
    page.note("wait")
elif stage == "decoding":
    page.player(page.run("decoding", decoding, after=run))
elif stage == "memorisation":
    copies = page.settings("memorisation", {}, model=model, seed=config.seed)
    page.player(page.run("memorisation", copies, after=run))
elif stage == "dataset_size":
    sizes = page.settings("dataset_size", {"network": 4, "proportional": 5},
                          columns=[second, third], base=config)  # fmt: skip
    page.player(page.run("dataset_size", sizes))
    page.text("recorded_equal", **text.recorded("equal_time"))
    page.text("recorded_proportional", **text.recorded("proportional_time"))
elif stage == "byte_pairs":
    page.player(page.run("byte_pairs", page.settings("byte_pairs", {}, dataset=dataset)))
elif method == "grammar":
    derivation = page.settings("grammar", {"seed": 1}, columns=[third])
    page.player(page.run("grammar", derivation))
else:
    with third:
        message = page.typed("message", text.ElizaConfig().message, text.read_message)
    page.player(page.run("eliza", page.settings("eliza", {}, message=message, seed=config.seed)))
page.end(text.train, ngram.fit, lstm.cell, lstm.Recurrence, Learner.advance,
         maths=config.smoothing)  # fmt: skip
