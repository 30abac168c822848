"""What can go wrong with generative models, and what is known to help: measured."""

from explorer import ui
from explorer.concepts import ethics
from explorer.concepts.ethics import denoiser, faces, generations, measure, watermark

TOPICS = {"watermark": "Watermark", "bias": "Bias", "collapse": "Model collapse"}
STAGES = {"own_text": "Your own text", "false_positives": "False positives",
          "rewriting": "Removal", "trade_off": "Detection against cost"}  # fmt: skip
COLLAPSE = {"replace": "collapse_replace", "mix": "collapse_mix",
            "accumulate": "collapse_accumulate"}  # fmt: skip
METHODS = {"guidance": "guidance", "temperature": "temperature",
           "truncation": "truncation"}  # fmt: skip

page = ui.page(ethics)
page.presets()
topic = page.choose("topic", TOPICS)
if topic == "watermark":
    config = page.settings(
        "train",
        strip={"dataset": 4, "scheme": 4, "delta": 3, "context": 3},
        more=("gamma", "key", "steps", "seed"),
    )
    run = page.run("train", config)
    page.predictions(run.done)
    page.player(run)
    page.text("watermark", "null")
    first, second = ui.controls([4, 7])
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
    page.predictions(run.done)
    page.player(run, beside=True)
    page.text("bias")
    changed = page.settings("amplification", {"method": 4, "faces": 2})
    page.text(METHODS[changed.method], "audit")
    if run.done:
        page.player(page.run("amplification", changed, after=run), beside=True)
    else:
        page.note("wait")
    page.end(faces.train_faces, denoiser.Denoiser, denoiser.sample, maths=topic)
elif topic == "collapse":
    *places, last = ui.controls([5, 5, 3, 3, 3, 3])
    shared = page.settings("train", {}, more=("seed",), columns=[last])
    strip = {"family": 5, "strategy": 5, "samples": 3, "generations": 3}
    config = page.settings("collapse", strip, more=("real_share",), columns=places,
                           seed=shared.seed)  # fmt: skip
    run = page.run("collapse", config)
    page.predictions(run.done)
    page.player(run, beside=True)
    page.text("collapse", COLLAPSE[config.strategy])
    page.end(generations.Gaussians, generations.Frequencies, generations.Names, maths=topic)
