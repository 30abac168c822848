"""Metrics: a perfect set is corrupted, and every metric measures it beside its noise floor."""

from explorer import ui
from explorer.concepts import metrics
from explorer.truth import distances, features, words

page = ui.page(metrics)
page.presets()
left, right = ui.controls([9, 19])
with left:
    stage = page.choose("stage", {key: each.label for key, each in metrics.EXPERIMENTS.items()})
with right:
    if stage == "train":
        config = page.settings("train", {"dataset": 6, "corruption": 5, "severity": 5},
                               more=("samples", "steps", "seed"))  # fmt: skip
    elif stage == "text":
        first, *others = ui.controls([11, 5, 3])
        shared = page.settings("train", {"severity": 5}, more=("samples", "steps", "seed"),
                               columns=others)  # fmt: skip
        config = page.settings("text", {"corruption": 11}, columns=[first],
                               severity=shared.severity, samples=shared.samples,
                               steps=shared.steps, seed=shared.seed)  # fmt: skip
    elif stage == "sample_size":
        shared = page.settings("train", {"dataset": 16}, more=("seed",))
        config = metrics.SampleSizeConfig(shared.dataset, shared.seed)
    else:
        shared = page.settings("train", {"dataset": 16}, more=("samples", "seed"))
        config = metrics.ComparisonConfig(shared.dataset, shared.samples, shared.seed)
run = page.run(stage, config)
page.predictions(run.done)
page.player(run, beside=stage in ("sample_size", "comparison"))
of_text = stage == "text"
page.text(stage, *(("pairs", "language_model") if of_text else ("z_score", "features")))
page.end(distances.frechet_of_moments, features.kernel_distance, features.inception_score,
         features.shares, features.novelty, words.bleu, words.rouge_l, words.self_bleu,
         maths="text" if of_text else "train")  # fmt: skip
