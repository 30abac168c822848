"""Melodies of a small model, heard, and fine-tuned by rewards that the visitor chooses."""

from explorer import ui
from explorer.concepts import music
from explorer.concepts.music import (
    bradley_terry,
    harmonise,
    harmony,
    next_note,
    optimum,
    preferences,
    reward,
)
from explorer.concepts.music.train import Learner
from explorer.concepts.shared import ngram
from explorer.data import chorales

STAGES = {
    "reward": "Fine-tuning by reward",
    "best_of_n": "Best of n",
    "preferences": "Preferences",
    "harmonise": "Harmonise",
    "next_note": "Next note",
}
CHOICES = {"a": "A is better", "b": "B is better"}
RULES = {"accidental": 1, "leap": 1, "repetition": 1, "tonic": 1, "length": 1}

page = ui.page(music)
page.presets()
config = page.settings(
    "train", strip={"dataset": 4, "hidden": 2, "dropout": 2}, more=("steps", "seed")
)
run = page.run("train", config)
page.predictions(run.done)
page.player(run)
page.text("run")

stage = page.choose("stage", STAGES)
page.text(stage)
if stage == "reward":
    policy = page.choose("policy", {"table": "n-gram", "lstm": "LSTM"})
    more = ("outside", "learning_rate", "batch", "steps", "seed")
    rewarded = page.settings("reward", {"beta": 1.3, **RULES}, more)
    if policy == "table":
        page.player(page.run("reward", rewarded))
        page.text("five_seeds")
        if page.toggle("several"):
            five = page.settings("five_seeds", {}, base=rewarded)
            page.player(page.run("five_seeds", five))
    elif run.done:
        page.text("lstm_reward")
        tuned = page.settings("lstm_reward", {}, base=rewarded)
        page.player(page.run("lstm_reward", tuned, after=run))
    else:
        page.note("wait")
elif stage == "best_of_n":
    place, *rest = ui.controls([2, *RULES.values()])
    rules = page.settings("reward", RULES, columns=rest)
    best = page.settings("best_of_n", {"most": 2}, columns=[place], base=rules, seed=rules.seed)
    page.player(page.run("best_of_n", best))
elif stage == "preferences":
    first, *rest = ui.controls([4, 2, 2, 2])
    with first:
        listener = page.choose("listener", preferences.LISTENERS)
    choices, strip = "", {"beta": 1, "steps": 1}
    if listener == preferences.OWN:
        choices, strip = page.votes("choices", CHOICES, preferences.MOST), {"beta": 1}
    chosen = page.settings("preferences", strip, ("prior", "seed"), columns=rest,
                           listener=listener, choices=choices)  # fmt: skip
    page.player(page.run("preferences", chosen))
    page.text("dpo")
elif stage == "harmonise":
    choir = page.run("voices", page.settings("voices", {}, ("hidden", "dropout", "steps", "seed")))
    page.player(choir, beside=True)
    first, *rest = ui.controls([3, 2, 2, 2, 2])
    with first:
        source = page.choose("source", {"chorale": "a chorale", "own": "my own"})
    melody, strip = "", {"chorale": 1, "temperature": 1, "avoid": 1}
    if source == "own":
        limits = harmonise.LOWEST, harmonise.HIGHEST
        melody = ui.keyboard("melody", harmonise.TUNE, limits, harmonise.LONGEST, chorales.named)
        strip = {"temperature": 1, "avoid": 1}
    melody = melody if "-" in melody else ""  # two notes at least
    page.text("own_melody" if source == "own" else "given_soprano")
    chords = page.settings("harmonise", strip, ("seed",), columns=rest, melody=melody)
    if choir.done:
        page.player(page.run("harmonise", chords, after=choir))
    else:
        page.note("wait_for_voices")
elif run.done:
    strip = {"model": 3, "temperature": 2, "opening": 2, "steps": 2}
    page.player(page.run("next_note", page.settings("next_note", strip, ("seed",)), after=run))
else:
    page.note("wait")
page.end(Learner.update, ngram.fit, next_note.tempered, optimum.optimum, reward.gradient,
         bradley_terry.fit, bradley_terry.dpo_gradient, harmony.harmonised,
         harmony.parallels)  # fmt: skip
