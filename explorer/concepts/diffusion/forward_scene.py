"""What destroying data looks like."""

import numpy as np

from explorer.concepts.diffusion.forward import ForwardSnapshot
from explorer.concepts.diffusion.pictures import COLUMNS, grid
from explorer.concepts.diffusion.scenes import density, framed, trails
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.scene import Curve, Flow, Mark, Panel, Points, Reading, Scene


def forward_scene(s: ForwardSnapshot) -> Scene:
    """Data drowning."""
    of_images = s.data.ndim == 3
    chosen = SCHEDULES[s.config.schedule]
    share = float(s.paces[s.config.schedule][s.step, 1])
    if of_images:
        columns = COLUMNS[s.config.dataset]
        panels = [
            grid("Data", "data", "real", s.data, columns, "Images that are kept aside."),
            grid("Noised", "noised data", "neutral", s.noised, columns, "The same, drowning."),
        ]
    else:
        panels = [
            Panel("Data", [Points("data", "real", s.data)], caption="Where they began."),
            Panel(
                "Noised",
                [
                    density("exact density", s.density),
                    Points("noised data", "real", s.noised, size=2.0, opacity=0.6),
                    Curve("ways of some", "real", trails(s.trails), width=1, label=""),
                ],
                caption="Shade: the exact density of the noised data, scaled to unit size.",
            ),
        ]
    others = [line for name, line in s.paces.items() if name != s.config.schedule]
    lines: list[Mark] = [
        Curve("other schedules", "neutral", trails(np.stack(others)), width=1, label="")
    ]
    lines.append(Curve(chosen.label, "model", s.paces[s.config.schedule], width=2.5))
    lines.append(Points("now", "model", np.array([[s.time, share]], np.float32), size=5, opacity=1))
    panels.append(
        Panel(
            "Share of signal",
            lines,
            "chart",
            xlim=(0, 1),
            ylim=(0, 1),
            xlabel="time",
            span=1.3,
            caption="What of the variance is still data. Schedules differ only in their pace.",
        )
    )
    sentence = f"{chosen.label}: {share:.0%} of what one sees is still data."
    readings = [
        Reading(
            "noise over signal",
            s.strength,
            (s.strength, s.strength),
            "exact, by the schedule",
            better="neither",
        )
    ]
    if not of_images:
        unsure = float(s.unsure[s.step, 1])
        now = np.array([[s.time, unsure]], np.float32)
        panels.append(
            Panel(
                "What can't be recovered",
                [
                    Curve("best possible guess", "truth", s.unsure),
                    Points("now", "model", now, size=5, opacity=1),
                ],
                "chart",
                xlim=(0, 1),
                ylim=(0, 1.1),
                xlabel="time",
                caption="Error of the exact E[x0 | x]; 1 is guessing blindly. A steep line: "
                "everything is decided there.",
            )
        )
        readings.append(
            Reading(
                "lost for ever",
                100 * unsure,
                (100 * unsure, 100 * unsure),
                "exact: nobody does better",
                "%",
                "neither",
            )
        )
        sentence += f" The best possible guess of where a point came from is {unsure:.0%} wrong."
    return Scene(
        [framed(panel) for panel in panels],
        step=s.step,
        flows=(Flow(0, 1, "add noise", "real"),),
        readings=readings,
        sentence=sentence,
        unit="moment",
    )
