"""What finishing or cleaning a drawing looks like, rung by rung."""

from collections import Counter

from explorer.concepts.diffusion.paint import PaintSnapshot
from explorer.concepts.diffusion.pictures import COLUMNS, grid
from explorer.concepts.diffusion.scenes import level
from explorer.scene import Curve, Panel, Reading, Scene


def paint_scene(s: PaintSnapshot) -> Scene:
    """A drawing being finished or cleaned."""
    inpaint = s.config.task == "inpaint"
    steps = (0.0, float(max(len(s.ladder) - 1, 1)))
    first = (
        grid("Your drawing", "known", "real", s.known, 1, "What is kept.")
        if inpaint
        else grid("Your drawing", "drawing", "real", s.drawing, 1, "What is buried.")
    )
    columns = COLUMNS["digits" if s.drawing.shape[1] == 8 else "mnist"]
    panels = [
        first,
        grid("On the way", "on the way", "neutral", s.x, columns, "Each from another noise."),
        grid("Answers", "answers", "model", s.guess, columns, "If all noise were removed now."),
        Panel(
            "Change of what was drawn",
            [
                Curve("answers", "model", s.off),
                Curve("cannot be avoided", "truth", level(steps, s.least_off), label=""),
            ],
            "chart",
            xlim=steps,
            ylim=(0, 0.6),
            xlabel="step",
            caption="Mean error on the pixels that are kept. Dashed: what the codes lose anyway."
            if s.least_off > 1e-4
            else "Mean error on the pixels that were drawn; 0 keeps every one.",
        ),
    ]
    seen = ", ".join(f"{name} ({n})" for name, n in Counter(s.read).most_common())
    if s.strength:
        sentence = f"Noise {s.strength:.3g} is left. So far it reads: {seen}."
    elif inpaint:
        sentence = f"Answers that all agree with what you drew. Read as: {seen}."
    else:
        sentence = f"Buried in noise {s.config.strength:g} and cleaned. Read as: {seen}."
    return Scene(
        panels,
        step=s.step,
        readings=[
            Reading(
                "change of what was drawn",
                float(s.off[-1, 1]),
                (s.least_off, s.least_off),
                "what the codes lose anyway" if s.least_off > 1e-4 else "every pixel kept",
                better="low" if inpaint else "neither",
            )
        ],
        sentence=sentence,
        unit="step",
    )
