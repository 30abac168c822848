"""What the page says and offers, as plain data: presets, labels, formulas, sources."""

from typing import Any

from explorer.concepts.diffusion.config import IMAGES
from explorer.concepts.diffusion.samplers import SAMPLERS
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.data.plane import DATASETS

DATA: tuple[str, ...] = (*DATASETS, *IMAGES)
STAGES: dict[str, str] = {
    "destroy": "Destroy",
    "learn": "Learn",
    "make": "Make",
    "draw": "Draw",
}
OBJECTIVES: dict[str, str] = {
    "edm": "a mix (EDM)",
    "noise": "the noise",
    "data": "the data",
    "flow": "the velocity",
}
PACES: dict[str, str] = {name: schedule.label for name, schedule in SCHEDULES.items()}
WAYS: dict[str, str] = dict(SAMPLERS)
TASKS: dict[str, str] = {"inpaint": "make up a part", "denoise": "clean it up"}
LABELS: dict[str, str] = {"-1": "all in turn"} | {str(n): str(n) for n in range(10)}
BECOMES: dict[str, str] = {"-1": "whatever fits"} | {str(n): str(n) for n in range(10)}


def stages(dataset: str) -> dict[str, str]:
    """The stages that a data set goes through: only images can be drawn."""
    return {key: label for key, label in STAGES.items() if key != "draw" or dataset in IMAGES}


def _settings(stage: str, dataset: str = "grid", **others: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"objective": "edm", "schedule": "karras", "features": 32}
    return {"dataset": dataset, "stage": stage, **usual, **others}


def _walk(sampler: str, ladder: str, rungs: int, **others: Any) -> dict[str, Any]:
    return {"sampler": sampler, "ladder": ladder, "rungs": rungs, "clip": False, **others}


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "25 modes": (
        _settings("learn"),
        "Waves of x as inputs, noise strengths practised where there is most to learn: in five "
        "seconds the score is 99 % right.",
        True,
    ),
    "no waves": (
        _settings("learn", features=0),
        "Without waves of x the small network can't follow fine detail: not one mode is found, "
        "however long it trains.",
        False,
    ),
    "one step": (
        _settings("make", **_walk("ddim", "karras", 1)),
        "All noise is removed at once: every point lands near the average of all data.",
        False,
    ),
    "flow": (
        _settings("make", objective="flow", schedule="straight", **_walk("flow", "straight", 20)),
        "The network learns the velocity along straight lines, and plain Euler steps follow it.",
        True,
    ),
    "blows up": (
        _settings("make", objective="noise", schedule="cosine", **_walk("ddim", "cosine", 50)),
        "Where noise is 600 times the data, an error of 1 % in the guessed noise throws the guess "
        "far off, to where the network has never been.",
        False,
    ),
    "cured": (
        _settings("make", objective="noise", schedule="cosine", **_walk("ddim", "cosine", 50))
        | {"clip": True},
        "The same network and ladder, but no guess may leave the box in which all data lie.",
        True,
    ),
    "guidance 10": (
        _settings("make", "digits", guidance=10.0, label="-1", **_walk("heun", "karras", 25)),
        "Each digit is unmistakable, and all of a class look alike: variety is the price.",
        False,
    ),
    "drawing": (
        _settings("draw", "mnist", task="inpaint", becomes="-1"),
        "Half of a real digit is hidden. Nine answers, all of which keep what is known.",
        True,
    ),
}

# What each question offers: (answer, whether it is right, why).
CHOICES: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "one step": (
        (
            "on the data",
            False,
            "That takes many steps: the first guess has nothing to go by but pure noise, so it "
            "can't choose between places.",
        ),
        (
            "near the average of all data",
            True,
            "The best guess is an average of everything possible, and from pure noise everything "
            'is. The preset "one step" shows it.',
        ),
        (
            "they stay noise",
            False,
            "The noise is gone. What is missing is a decision.",
        ),
    ),
    "loss": (
        (
            "yes, with time",
            False,
            "Several points may have become the same noised point, and the network can only guess "
            "their average, however long it trains.",
        ),
        (
            "no, not even the best guess could",
            True,
            "The dashed line is the loss of the exact guess. Reaching it is all there is to learn.",
        ),
        (
            "only with a larger network",
            False,
            "A larger one comes nearer to the dashed line, never below it.",
        ),
    ),
    "memory": (
        (
            "yes, and mixes them",
            False,
            "Who knows them by heart, and nothing else, guesses unseen images badly: that is the "
            "dashed line in the loss of the digits.",
        ),
        (
            "no, it learns a direction",
            True,
            "Its images are as far from the training images as unseen real ones. With few images "
            "and very long training it could store them.",
        ),
        (
            "it stores the average digit",
            False,
            "Averages are what a single step gives. Many steps decide on something new.",
        ),
    ),
    "guidance": (
        (
            "better in every way",
            False,
            "They are easier to read, but look at the variety.",
        ),
        (
            "clearer, and all alike",
            True,
            "Guidance exaggerates what sets a class apart. At 10 most of its variety is gone: "
            "there is a preset for it.",
        ),
        (
            "no different",
            False,
            "It multiplies the difference between asking for a class and asking for none.",
        ),
    ),
}

HELP: dict[str, str] = {
    "stage": "Destroy needs no network. Learn trains one. Make and Draw use it.",
    "objective": "All four can be turned into each other exactly. What differs is how errors of "
    "the network grow where noise is strong or weak.",
    "schedule": "Which noise strengths are visited, and how often. Log-normal (Karras) practises "
    "most where there is most to learn; linear spends half its time in pure noise.",
    "features": "Waves of x that the network sees beside x. With none, detail is averaged away.",
    "hidden": "Neurons in each of three layers. Fewer are faster and blur more.",
    "rate": "Size of the first steps; they shrink to zero. Far too large, and numbers overflow.",
    "batch": "Points in each update. More make a steadier, slower step.",
    "sampler": "DDPM adds fresh noise at every step, the others none. Heun asks the network twice "
    "a step and needs far fewer steps.",
    "ladder": "The noise strengths that are visited on the way. Flow matching always takes the "
    "straight path.",
    "rungs": "Steps from noise to data. One lands on the average; how many are enough?",
    "guidance": "0 ignores the class, 1 is the class as learnt, more exaggerates what sets it "
    "apart from the rest.",
    "label": "The class that is asked for.",
    "eta": "Fresh noise in each step of DDIM: 0 is none, 1 is DDPM.",
    "clip": "No guess may leave the box in which all data lie. Cures walks that blow up.",
    "walk_seed": "Another seed is other noise to begin with.",
    "task": "Make up keeps what you drew and fills the marked part. Clean buries the drawing in "
    "some noise and removes it.",
    "strength": "How much noise the drawing is buried in: little keeps your strokes, much keeps "
    "only their place.",
    "becomes": "The class that the drawing is to become.",
}

TEXTS: dict[str, str] = {
    "destroy": """
        Fresh noise is added again and again until :blue[**data**] are forgotten. Nothing is learnt
        here: the shade is the exact density, and the dashed curve the error of the best guess
        that anybody could make. Change the schedule and watch where the curve is steep.
    """,
    "learn": """
        A :orange[**network**] sees :blue[**data**] under a random amount of noise and guesses what
        was there before. The best guess is an average of all that is possible, and guess minus
        place points to where data are denser: that is the score. Its exact value is known here.
    """,
    "make": """
        Start from pure noise. Ask for the guess, go a little of the way, ask again. Early steps
        decide the rough place or class, late ones the detail. The shade and the dashed lines show
        where a perfect sampler would be.
    """,
    "draw": """
        Paint, and mark what is to be made up (if nothing is marked, the lower half). On every
        step the known part is put back, under as much noise as there is. With MNIST this happens
        to the decoded guess, because a part of a code is not a part of an image.
    """,
    "wait": "This begins as soon as the network is trained: see Learn.",
}

FORMULAS: tuple[str, ...] = (
    r"x_t = \alpha_t x_0 + \sigma_t \epsilon, \qquad x = x_t / \alpha_t = x_0 + s\,\epsilon, "
    r"\qquad s = \sigma_t / \alpha_t",
    r"D(x, s) \approx \mathbb{E}[x_0 \mid x], \qquad \nabla_x \log p_s(x) = \frac{D(x, s) - x}{s^2}"
    r" \quad \text{(Tweedie)}",
    r"D(x, s) = \frac{x}{1+s^2} + \frac{s}{\sqrt{1+s^2}}\,F \ \text{(EDM)}, \quad "
    r"x - s F \ \text{(noise)}, \quad F \ \text{(data)}, \quad \frac{x - s F}{1 + s} "
    r"\ \text{(velocity)}",
    r"\text{DDIM: } x' = D + \tfrac{s'}{s}(x - D), \qquad \text{DDPM: } x' = D + "
    r"\tfrac{s'^2}{s^2}(x - D) + s'\sqrt{1 - \tfrac{s'^2}{s^2}}\;z",
    r"\frac{dx_t}{dt} = \dot\alpha_t D + \dot\sigma_t \frac{x - D}{s} \ "
    r"\text{(probability flow; straight path: } \dot\alpha = -1, \dot\sigma = 1)",
    r"D_w = D(x, s) + w\,\big(D(x, s, c) - D(x, s)\big)",
    r"\text{error of the score} = \frac{\sum_s s^2\,\mathbb{E}\|\hat\nabla - \nabla\|^2}"
    r"{\sum_s s^2\,\mathbb{E}\|\nabla\|^2}",
)
SYMBOLS: dict[str, str] = {
    "x_0": "a point or an image of the data",
    r"\epsilon, z": "noise drawn from a standard normal",
    "x_t": "the same at time $t$, in the form in which papers write it",
    r"\alpha_t, \sigma_t": "how much of the data and of the noise there is; a dot is their rate",
    "s": "noise strength, noise over signal; $s'$ is that of the next, lower step",
    "D": "the denoiser: its guess of the data, ideally their average given $x$",
    "F": "what the network itself answers; the loss is its squared error",
    r"\nabla_x \log p_s": "the score: where noised data get denser; with a hat, as learnt",
    "c": "the class that is asked for",
    "w": "guidance: 0 ignores the class, 1 is what was learnt, more exaggerates",
    r"\mathbb{E}": "average over noised data",
}
SOURCES: tuple[tuple[str, str], ...] = (
    (
        "Sohl-Dickstein et al. (2015), Deep Unsupervised Learning using Nonequilibrium "
        "Thermodynamics",
        "https://arxiv.org/abs/1503.03585",
    ),
    (
        "Ho, Jain and Abbeel (2020), Denoising Diffusion Probabilistic Models",
        "https://arxiv.org/abs/2006.11239",
    ),
    ("Song, Meng and Ermon (2021), DDIM", "https://arxiv.org/abs/2010.02502"),
    (
        "Song et al. (2021), Score-Based Generative Modeling through SDEs",
        "https://arxiv.org/abs/2011.13456",
    ),
    (
        "Karras et al. (2022), Elucidating the Design Space of Diffusion Models",
        "https://arxiv.org/abs/2206.00364",
    ),
    (
        "Lipman et al. (2023), Flow Matching for Generative Modeling",
        "https://arxiv.org/abs/2210.02747",
    ),
    ("Ho and Salimans (2022), Classifier-Free Guidance", "https://arxiv.org/abs/2207.12598"),
    ("Lugmayr et al. (2022), RePaint", "https://arxiv.org/abs/2201.09865"),
    ("Meng et al. (2022), SDEdit", "https://arxiv.org/abs/2108.01073"),
    ("Rombach et al. (2022), Latent Diffusion", "https://arxiv.org/abs/2112.10752"),
    ("Tancik et al. (2020), Fourier Features", "https://arxiv.org/abs/2006.10739"),
)
