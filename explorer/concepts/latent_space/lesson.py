"""What the page says and offers, as plain data: presets, formulas, sources, labels."""

from typing import Any

DATA: dict[str, str] = {
    "mnist": "digits",
    "digits": "tiny digits",
    "fashion": "clothes",
    "letters": "letters",
    "faces": "faces",
    "linear": "linear",
}
SIZES: dict[str, str] = {
    "1": "1 number",
    "2": "2 numbers",
    "4": "4 numbers",
    "8": "8 numbers",
    "16": "16 numbers",
    "32": "32 numbers",
}
THEN: dict[str, str] = {
    "map": "Move on the map",
    "walk": "Walk between images",
    "add": "Add to a code",
    "slow": "One draw, slowly",
}


def _settings(
    dataset: str, latent: int, beta: float = 1.0, steps: int = 1400, warmup: float = 0.5
) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "latent": str(latent),
        "beta": beta,
        "steps": steps,
        "warmup": warmup,
    }


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "a map of digits": (
        _settings("mnist", 2),
        "Two numbers for each image: crowded, but every code can be seen, and all ten digits fit.",
        True,
    ),
    "sharper": (
        _settings("mnist", 16),
        "Sixteen numbers keep strokes and slant. Compare the bound, and the made-up digits.",
        True,
    ),
    "faces": (
        _settings("faces", 32, 0.3, 3000),
        "A cheap KL and 32 numbers leave room for glasses, hats and hair. Try adding to a code.",
        True,
    ),
    "known exactly": (
        _settings("linear", 2),
        "Linear images and a linear model: the best possible bound and codes are drawn dashed.",
        True,
    ),
    "collapses": (
        _settings("digits", 8, 4.0),
        "At beta 4 what a code tells of these tiny digits costs more than it earns: all units die.",
        False,
    ),
    "no warm-up": (
        _settings("faces", 16, 1.0, 1400, 0.0),
        "The KL counts in full from the start and switches units off before they learn to speak.",
        False,
    ),
    "no KL": (
        _settings("mnist", 2, 0.0),
        "A plain autoencoder: good copies, but codes far outside the prior, so it cannot make up.",
        False,
    ),
}

FORMULAS: tuple[str, ...] = (
    r"\log p(x) \;\ge\; \mathbb{E}_{q(z \mid x)}\big[\log p(x \mid z)\big] "
    r"- \beta\,\mathrm{KL}\big(q(z \mid x)\,\|\,p(z)\big)",
    r"q(z \mid x) = \mathcal{N}\big(\mu(x), \mathrm{diag}\,\sigma^2(x)\big), \qquad "
    r"z = \mu + \sigma \odot \varepsilon",
    r"\mathrm{KL} = \tfrac12 \sum_i \big(\mu_i^2 + \sigma_i^2 - 1 - \log \sigma_i^2\big)",
    r"\text{arc: } z(t) = r(t)\,\frac{\sin((1-t)\,\omega)\,\hat a + \sin(t\,\omega)\,\hat b}"
    r"{\sin \omega}",
    r"\text{linear: } q(z_i \mid x) = \mathcal{N}\Big(\tfrac{w_i^\top (x - m)}{\lambda_i},\, "
    r"\tfrac{\beta s^2}{\lambda_i}\Big), \quad \|w_i\|^2 = \max(\lambda_i - \beta s^2, 0)",
)
SYMBOLS: dict[str, str] = {
    "x": "an image, one number between 0 and 1 for every pixel",
    "z": "its code; $p(z)$, the prior, is a standard normal",
    r"q(z \mid x)": "the encoder's answer, an approximate posterior",
    r"p(x \mid z)": "the decoder's: each pixel's probability of ink (Gaussian for linear images)",
    r"\mathbb{E}_{q(z \mid x)}": "the average over codes drawn from the encoder's answer",
    r"\mathrm{KL}": "Kullback-Leibler divergence: what the code says, in nats",
    r"\beta": "how much the KL counts; the left side is a bound for beta 1",
    r"\mu, \sigma": "mean and standard deviation of the code, one for each unit $i$",
    r"\varepsilon": "noise drawn from a standard normal, outside the network",
    r"\odot": "multiplied unit by unit",
    r"\hat a, \hat b": "directions of the two codes (length one), $\\omega$ the angle between them",
    "r(t)": "the length of the code at the share $t$ of the way, changing evenly",
    r"\lambda_i": "variance of the linear images along the $i$-th best direction, $m$ their mean",
    "w_i": "what unit $i$ paints; $s^2$ is the variance of the pixels' noise",
}
SOURCES: tuple[tuple[str, str], ...] = (
    (
        "Kingma and Welling (2014), Auto-Encoding Variational Bayes",
        "https://arxiv.org/abs/1312.6114",
    ),
    (
        "Rezende, Mohamed and Wierstra (2014), Stochastic Backpropagation",
        "https://arxiv.org/abs/1401.4082",
    ),
    ("Higgins et al. (2017), beta-VAE", "https://openreview.net/forum?id=Sy2fzU9gl"),
    (
        "Tipping and Bishop (1999), Probabilistic Principal Component Analysis",
        "https://doi.org/10.1111/1467-9868.00196",
    ),
    (
        "Lucas et al. (2019), Don't Blame the ELBO: a linear view of posterior collapse",
        "https://arxiv.org/abs/1911.02469",
    ),
    ("Bowman et al. (2016), warm-up of the KL", "https://arxiv.org/abs/1511.06349"),
    ("Burda et al. (2016), active units", "https://arxiv.org/abs/1509.00519"),
    ("White (2016), Sampling Generative Networks: arcs", "https://arxiv.org/abs/1609.04468"),
    ("Larsen et al. (2016), arithmetic on attributes", "https://arxiv.org/abs/1512.09300"),
)

HELP: dict[str, str] = {
    "dataset": "What the model has to squeeze and rebuild. The linear images are made by a known "
    "recipe, so that the best possible model is known, too.",
    "latent": "All that is left of an image. Two can be drawn; more rebuild better, until units "
    "stay unused.",
    "beta": "How much saying something costs. At 0 nothing holds the codes together; at 1 the "
    "curve is a bound on log p(x); far above 1 units fall silent and images blur.",
    "warmup": "The share of the run during which the KL's weight grows from 0. Without it, units "
    "are often switched off before they learn anything.",
    "rate": "The size of the first steps; they shrink to zero over the run. Too large, and the "
    "numbers overflow.",
    "hidden": "Width of both hidden layers, in encoder and decoder. More learn better, slower.",
    "walk": "Test images, never trained on.",
    "four": "Adds two more images and walks round the sheet between all four.",
    "add": "The image whose code will be changed.",
    "change": "The average difference between the codes of training images with and without it.",
}
TEXTS: dict[str, str] = {
    "picture": """
        The **encoder** turns each :blue[**test image**] into a small cloud of codes (an ellipse on
        the map), the **decoder** turns a code back into an :orange[**image**]. Training raises a
        bound on how likely the model finds real images: rebuild well, but stay close to the
        dashed prior, from which new codes are drawn.
    """,
    "map": """
        Drag over the map: the image follows. Each cell was really decoded; nothing is blended.
        Cross from one class to another and watch where one digit turns into the next. Then visit
        an empty spot.
    """,
    "walk": """
        Three ways from one image to another. Straight and arc mix the **codes**, so every image on
        the way is one the decoder can paint. The fade mixes **pixels**: two images on top of each
        other, which no real image looks like.
    """,
    "add": """
        The mean code of images with something, minus the mean code of those without, is a
        direction. Add it to any code and the image should gain that one thing. A linear judge,
        fitted to real pixels, tells what else changes.
    """,
    "slow": """
        A draw of the dice has no derivative, and without one the encoder could not learn. So the
        dice are thrown outside: noise enters as an input, and mean and spread reach the code by
        plain arithmetic. Step through with the arrow keys.
    """,
    "wait": "This opens as soon as the run above is over.",
}
