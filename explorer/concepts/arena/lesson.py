"""What the page says and offers, as plain data: presets, questions, help, formulas, sources."""

from typing import Any

from numpy import nan_to_num

from explorer.concepts.arena import advice
from explorer.concepts.arena.config import Config
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.pace import sampling
from explorer.concepts.arena.race import Snapshot
from explorer.concepts.arena.standing import distance, ranking

LABELS: dict[str, str] = {key: family.label for key, family in FAMILIES.items()}
ENDLESS = "endless"
EXAMPLES: dict[str, str] = {each: each for each in (ENDLESS, "1000", "200", "50")}


def _settings(dataset: str, steps: int, **others: Any) -> dict[str, Any]:
    return {"dataset": dataset, "steps": steps, "parameters": 0, "examples": ENDLESS, **others}


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "ring": (
        _settings("ring", 500),
        "Eight narrow modes. Data made of Gaussians are home ground for a mixture of them.",
        True,
    ),
    "board": (
        _settings("checkerboard", 500),
        "Sharp edges, which no sum of Gaussians has.",
        True,
    ),
    "half a second": (
        _settings("ring", 50),
        "After half a second only the two classics pass for real data; no network does yet.",
        False,
    ),
    "500 numbers": (
        _settings("ring", 500, parameters=500),
        "All equally small: a GAN of 19 neurons a layer, 83 Gaussians, or 249 stored points.",
        False,
    ),
    "50 points": (
        _settings("moons", 200, examples="50"),
        "All see the same 50 points, ever again. Some learn the shape, some the points by heart.",
        False,
    ),
    "digits": (
        _settings("digits", 500),
        "64 dimensions instead of two, and 1,497 images instead of endless points.",
        True,
    ),
}

NEEDS: dict[str, str] = {key: need.label for key, need in advice.NEEDS.items()}

HELP: dict[str, str] = {
    "needs": "Each need ranks the families by one figure; the best mean rank is recommended.",
    "budget": "For each model, in hundredths of a CPU second. It becomes a number of updates by a "
    "table of measured rates, so that the same link gives the same race.",
    "parameters": "All models on the plane become so small that they have no more numbers than "
    "that. 0 leaves each at its usual size, as images do always.",
    "examples": "How many points there are to learn from, the same for all families. With few, "
    "watch whose samples cling to them: the newness in the table falls from 1 towards 0. Of "
    "images there are always the same: 1,497 digits, 6,000 faces.",
    "seeds": "Models of each family, which differ in luck alone. The table then has intervals; "
    "the race takes so many times as long.",
    "families": "Who takes part. Fewer make a shorter race.",
    "stake": "Without it the race begins at once.",
}

TEXTS: dict[str, str] = {
    "start": "The race begins as soon as you have predicted who will win.",
    "race": """
        Every panel shows :orange[**made**] points over :blue[**real**] ones, at the same moment of
        the budget. The models learn in turns, whoever is furthest behind goes on. At the end all
        sit the same exam: 6,000 samples against fresh data.
    """,
    "images": """
        The same race with images, judged by images that nobody has learnt from. **One figure is
        not enough:** blurred averages lie near to everything, so the VAE's digits get the best
        precision of all, .999 after a second, and next to no recall.
    """,
    "few": """
        **Little data.** :blue[**Blue**] is all that there is to learn from, the same for every
        family. Fresh data judge. Who remembers instead of learning makes copies: newness, the
        distance from the learnt points, falls below that of fresh data, which is 1.
    """,
    "shape": """
        **All at once.** The rim of a shape is a perfect model, its middle is useless. Distance,
        speed and size count by their logarithms, shares relative to those of real data. A GAN
        has nothing on the spoke of the likelihood.
    """,
    "budget": """
        **A fair budget.** Seconds would depend on the machine, so they are turned into updates by
        rates that were measured once. What a run takes here and now stands in the
        table as "measured". Where a family has a page of its own, the link opens the very same
        run there.
    """,
    "home": """
        **Home ground.** The data on the plane are mixtures of Gaussians themselves, all but the
        board. So a mixture is at home there, with 192 numbers. The edges of the board are no
        Gaussians, and it pays for them in likelihood. Images are nobody's home ground.
    """,
    "faces": """
        **Of faces** the GAN plays the game of its page, and the denoisers of both kinds work along
        the 96 directions in which faces vary most. The flow has no model of faces.
    """,
}

FORMULAS: list[str] = [
    r"\mathrm{SW}(p, q) = \int_{|u| = 1} \int_0^1 \big|F_u^{-1}(t) - G_u^{-1}(t)\big|\,dt\,du",
    r"\text{precision} = \Pr_{x \sim q}\big[\exists i: |x - y_i| \le r_i\big], \qquad "
    r"\text{recall} = \Pr_{y \sim p}\big[\exists j: |y - x_j| \le s_j\big]",
    r"\text{coverage} = \tfrac{1}{n}\sum_i \big[\min_j |y_i - x_j| \le r_i\big]",
    r"\text{bits per dimension} = -\frac{1}{d \ln 2}\,\mathbb{E}_{y \sim p} \ln q(y)",
    r"\log q(x_a) = \log q_b(x_b) + \int_a^b \nabla \cdot \frac{x - D(x, s)}{s}\,ds",
]
SYMBOLS: dict[str, str] = {
    "p, q": "density of the data and of a model",
    "F_u, G_u": "distribution functions of real and made points along the direction $u$",
    "y_i, x_j": "real and made points",
    "r_i, s_j": "distance of a point from its fifth neighbour among its own kind",
    "d": "dimensions: 2 on the plane, or pixels",
    "D(x, s)": "a denoiser's guess at noise strength $s$: how a diffusion model has a likelihood",
}
SOURCES: tuple[tuple[str, str], ...] = (
    (
        "Theis, van den Oord and Bethge (2016), A note on the evaluation of generative models",
        "https://arxiv.org/abs/1511.01844",
    ),
    (
        "Lucic et al. (2018), Are GANs Created Equal? (the same budget for all)",
        "https://arxiv.org/abs/1711.10337",
    ),
    (
        "Kynkäänniemi et al. (2019), Improved precision and recall",
        "https://arxiv.org/abs/1904.06991",
    ),
    ("Naeem et al. (2020), Reliable fidelity and diversity", "https://arxiv.org/abs/2002.09797"),
    ("Song et al. (2021), Likelihoods of diffusion models", "https://arxiv.org/abs/2011.13456"),
    ("Cappé and Moulines (2009), Online EM", "https://arxiv.org/abs/0712.4273"),
    ("Parzen (1962), Kernel density", "https://doi.org/10.1214/aoms/1177704472"),
    (
        "Larochelle and Murray (2011), Pixel by pixel (NADE)",
        "https://proceedings.mlr.press/v15/larochelle11a.html",
    ),
    (
        "Burda et al. (2016), Importance weighted autoencoders",
        "https://arxiv.org/abs/1509.00519",
    ),
)

Asked = tuple[str, list[tuple[str, bool, str]], bool]  # question, choices, whether to reveal


def examples(chosen: str) -> int:
    """What the control says, as a config does."""
    return 0 if chosen == ENDLESS else int(chosen)


def ballot(config: Config) -> str:
    """The name of the questions: another field or other data are another bet."""
    who = "" if len(config.racing) == len(FAMILIES) else "-" + "-".join(config.racing)
    few = f"-{config.examples}" if config.few else ""
    return f"arena-{config.dataset[:9]}{few}{who}"


def stakes(config: Config, snapshot: Snapshot | None) -> list[Asked]:
    """What to bet on before the race, and what is wrong with common beliefs about it.

    The race itself decides the first two; until it is over nothing is revealed.
    """
    over = snapshot is not None and snapshot.over
    order = [entry.key for entry in ranking(snapshot)] if snapshot is not None and over else []
    told = {e.key: distance(e) for e in snapshot.entries} if snapshot is not None and over else {}
    first, last = (order[0], order[-1]) if order else (config.racing[0], config.racing[-1])

    def bet(right: str) -> list[tuple[str, bool, str]]:
        return [
            (LABELS[key], key == right, f"Its distance: {told[key]:.3f}." if key in told else "")
            for key in config.racing
        ]

    speed = {key: sampling(key, config.dataset) for key in config.racing}
    slowest = max(speed, key=lambda key: nan_to_num(speed[key]))
    slow = [(LABELS[k], k == slowest, f"{v:.3g} ms for 1,000.") for k, v in speed.items()]
    return [
        ("Who comes nearest?", bet(first), over),
        ("Who stays farthest?", bet(last), over),
        ("Who samples slowest?", slow, over),
        (_LIKELIHOOD[0], list(_LIKELIHOOD[1]), True),
        (_GAN[0], list(_GAN[1]), True),
    ]


_LIKELIHOOD = (
    "A model gives fresh data a high likelihood. Are its samples good?",
    (
        (
            "yes, it is the same thing",
            False,
            "The likelihood asks whether real data are possible, not whether what is made is real. "
            "Mix a perfect model with 90 % noise: it loses only ln 10 = 2.3 nats a sample.",
        ),
        (
            "not necessarily",
            True,
            "Mix a perfect model with 90 % noise: nine samples of ten are noise, and each real "
            "point loses at most 2.3 nats. In many dimensions nobody would notice.",
        ),
        (
            "no, the two exclude each other",
            False,
            "A perfect model has both. They can part company, they need not.",
        ),
    ),
)
_GAN = (
    "Why does the GAN have no likelihood in the table?",
    (
        (
            "it was left out to save time",
            False,
            "There is no formula to evaluate: the generator is no density.",
        ),
        (
            "it can make points but not say how probable they are",
            True,
            "The generator maps noise to points with nothing to invert it. To know the density of "
            "a point one would need all the noise that leads there.",
        ),
        (
            "its likelihood is zero",
            False,
            "On the plane it has a density, but no formula for it. Where noise has "
            "fewer dimensions than the data, it has none.",
        ),
    ),
)
