"""Text to image: train on captions, then draw what one types, and read pictures back."""

from explorer import ui
from explorer.concepts import text_to_image as t2i
from explorer.concepts.text_to_image import network, sampler

STAGES = {key: each.label for key, each in t2i.EXPERIMENTS.items() if key not in ("train", "read")}

page = ui.page(t2i)
page.presets()
config = page.settings(
    "train",
    strip={"encoder": 7, "held_out": 3.5, "steps": 3.5},
    more=("dataset", "label_dropout", "learning_rate", "hidden", "batch", "seed"),
)
run = page.run("train", config)
page.predictions(run.done)
page.player(run, beside=True)
page.text("run", "unseen")

first, second, *rest = ui.controls([4, 6, 3, 1.6])
with first:
    stage = page.choose("stage", STAGES)
shared = {"seed": config.seed}
if stage in ("draw", "guidance", "chain"):
    with second:
        shared["caption"] = page.typed("caption", t2i.EXAMPLE, t2i.understood)
page.text(stage)
if stage == "draw":
    drawing = page.settings("draw", {"guidance": 1}, ("steps",), columns=rest, **shared)
    page.player(page.run("draw", drawing, after=run))
elif stage == "guidance":
    page.player(page.run("guidance", page.settings("guidance", {}, **shared), after=run))
elif stage == "sweep":
    many = page.settings("sweep", {"vary": 1}, columns=[second], base=config)
    if many.vary == "seed":
        many = page.settings("sweep", {"seeds": 1}, columns=rest, base=config, vary="seed")
    page.player(page.run("sweep", many))
else:
    architecture = {"architecture": 1} if stage == "reader" else {}
    reading = page.settings("reader", architecture, columns=[second], seed=config.seed)
    reader = page.run("reader", reading, after=run)
    if stage == "reader":
        page.player(reader)
        page.text("read")
        pad, results = ui.controls([2, 7])
        side = t2i.world(config.dataset).side
        with pad:
            colour = page.settings("read", {"colour": 1}).colour
            drawn = ui.draw_image(f"pad_{side}", (side, side), t2i.example(side))
        with results:
            drawing = t2i.EMPTY if drawn is None else t2i.encode_drawing(drawn)
            mine = page.settings("read", {}, colour=colour, drawing=drawing)
            page.player(page.run("read", mine, after=reader))
    else:
        chain = page.settings("chain", {}, **shared)
        page.player(page.run("chain", chain, after=reader))
page.end(t2i.flow_matching_loss, network.WordEncoder, network.VelocityNet, sampler.trajectory,
         sampler.guided, maths=(config.encoder,))  # fmt: skip
