"""What can go wrong with generative models, and what is known to help: measured."""

from explorer import ui
from explorer.concepts import ethics
from explorer.concepts.ethics import (
    base_rate,
    bayes_bound,
    canary,
    denoiser,
    faces,
    forensics,
    generations,
    measure,
    memorisation,
    watermark,
)
from explorer.concepts.ethics.topics import DETECTORS, PRIVACY, STAGES, STRIPS, TOPICS

CHOSEN = ("replace", "mix", "accumulate", "guidance", "temperature", "truncation")  # texts
TEXTS = {"canary": "remedies", "memorisation": "duplicates", "detectors": "arms_race",
         "base_rate": "accused", "bayes_bound": "limit"}  # fmt: skip

page = ui.page(ethics)
page.presets()
left, _ = ui.controls([4, 7])
with left:
    topic = page.choose("topic", TOPICS)
if topic == "watermark":
    config = page.settings(
        "train",
        strip={"dataset": 4, "scheme": 4, "delta": 3, "context": 3},
        more=("gamma", "key", "steps", "seed"),
    )
    run = page.run("train", config)
    page.predictions(run.done, name=topic, about={"topic": topic})
    page.player(run)
    page.text("watermark", "null")
    first, second = ui.controls([7, 7])
    with first:
        stage = page.choose("stage", STAGES)
    page.text(stage)
    if not run.done:
        page.note("wait")
    elif stage == "own_text":
        with second:
            text = page.typed("text", run.model.text(), ethics.checked)
        page.player(page.run(stage, ethics.OwnTextConfig(text), after=run))
    elif stage == "trade_off":
        length = page.settings(stage, {"length": 1}, columns=[second])
        page.player(page.run(stage, length, after=run))
    else:
        page.player(page.run(stage, page.settings(stage, {}), after=run))
    page.end(watermark.write, watermark.marked_distribution, watermark.detect, measure.p_values,
             measure.binomial, measure.gamma_tail, maths=config.scheme)  # fmt: skip
elif topic == "bias":
    *places, last = ui.controls([4, 4, 3])
    shared = page.settings("train", {}, more=("seed",), columns=[last])
    strip = {"correlation": 2, "steps": 2}
    config = page.settings("faces", strip, columns=places, seed=shared.seed)
    run = page.run("faces", config)
    page.predictions(run.done, name=topic, about={"topic": topic})
    page.player(run, beside=True)
    page.text("bias")
    changed = page.settings("amplification", {"method": 4, "faces": 2})
    page.text(changed.method, "audit")
    if run.done:
        page.player(page.run("amplification", changed, after=run), beside=True)
    else:
        page.note("wait")
    page.end(faces.train_faces, denoiser.Denoiser, denoiser.sample, maths=topic)
elif topic == "collapse":
    *places, last = ui.controls([7, 7, 3, 3, 3, 3])
    shared = page.settings("train", {}, more=("seed",), columns=[last])
    strip = {"family": 7, "strategy": 7, "samples": 3, "generations": 3, "real_share": 3}
    config = page.settings("collapse", strip, columns=places, seed=shared.seed)
    run = page.run("collapse", config)
    page.predictions(run.done, name=topic, about={"topic": topic})
    page.player(run, beside=True)
    page.text("collapse", config.strategy)
    page.end(generations.Gaussians, generations.Frequencies, generations.Names, maths=topic)
elif topic == "society":
    page.text("ownership", "jobs")
    page.text("consent", "misinformation")
    page.text("checklist")
    page.text("before_training", "before_release", "in_use")
    page.end(base_rate.predictive_value)
else:
    left, middle, last = ui.controls([6, 9, 3])
    with left:
        stage = page.choose(topic, PRIVACY if topic == "privacy" else DETECTORS)
    shared = page.settings("train", {}, more=("seed",), columns=[last])
    with middle:
        config = page.settings(stage, STRIPS[stage], seed=shared.seed)
    run = page.run(stage, config)
    page.predictions(run.done, name=topic, about={"topic": topic})
    page.player(run, beside=stage != "detectors")
    page.text(stage, TEXTS[stage])
    page.end(canary.exposure, memorisation.copies, forensics.Spectral, base_rate.predictive_value,
             bayes_bound.bound, maths=(topic, stage))  # fmt: skip
