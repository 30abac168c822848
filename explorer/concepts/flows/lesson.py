"""What the page says and offers, as plain data: presets, labels, formulas, sources."""

from typing import Any

from explorer.concepts.flows.bend import WAYS
from explorer.concepts.flows.config import IMAGES, Config, usual
from explorer.data.plane import DATASETS

DATA: tuple[str, ...] = (*DATASETS, *IMAGES)
STAGES: dict[str, str] = {
    "learn": "Learn",
    "bend": "Layer by layer",
    "point": "One point",
    "glide": "No layers",
}
DIRECTIONS: dict[str, str] = dict(WAYS)
KINDS: dict[str, str] = {"spline": "splines", "affine": "RealNVP", "zuko": "zuko"}
STEPS: dict[str, tuple[int, int, str]] = {  # default, most, and name in the link
    "plane": (usual().steps, 10_000, "steps"),
    "affine": (usual(coupling="affine").steps, 10_000, "steps_affine"),
    "images": (usual(IMAGES[0]).steps, 4000, "steps_images"),
}
WAVES: dict[str, int] = {kind: usual(coupling=kind).waves for kind in KINDS}  # that suit it


def steps(dataset: str, coupling: str, stage: str) -> tuple[int, int, str]:
    """How long to train: default, most, and name in the link."""
    if dataset in IMAGES:
        return STEPS["images"]
    return STEPS["affine" if coupling == "affine" and stage != "glide" else "plane"]


def rate(dataset: str, coupling: str) -> tuple[float, str]:
    """The usual learning rate, and its name in the link, for each kind where it differs."""
    rate = usual(dataset, coupling).learning_rate
    return rate, "rate" if rate == Config().learning_rate else f"rate_{coupling}"


def layers(dataset: str, coupling: str) -> tuple[int, str]:
    """How many layers: default, and name in the link."""
    kind = "images" if dataset in IMAGES else coupling
    return usual(dataset, coupling).layers, f"layers_{kind}"


def stages(dataset: str) -> dict[str, str]:
    """The stages that a data set goes through."""
    in_plane = ("point", "glide")
    return {
        key: text for key, text in STAGES.items() if dataset not in IMAGES or key not in in_plane
    }


def _settings(dataset: str, coupling: str = "spline", **others: Any) -> dict[str, Any]:
    usual = {"stage": "learn", "learn_view": "overview"}
    return {"dataset": dataset, "coupling": coupling, **usual, **others}


def _glide(dataset: str, rungs: int) -> dict[str, Any]:
    return {"dataset": dataset, "stage": "glide", "rungs": rungs}


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "moons": (
        _settings("moons", layers_spline=3),
        "Three layers of splines: within a hundredth of a nat of the exact density.",
        True,
    ),
    "sharp edges": (
        _settings("checkerboard", layers_spline=3),
        "A density that ends abruptly, from smooth curves: the bins of the splines settle on the "
        "edges.",
        True,
    ),
    "one layer": (
        _settings("moons", layers_spline=1),
        "One layer moves one coordinate only: the other keeps the distribution that it had.",
        False,
    ),
    "only stretches": (
        _settings("ring", "affine", layers_affine=8, learn_view="bridges"),
        "Stretching and shifting can't part the noise into islands: most of the ring becomes one "
        "bent band.",
        False,
    ),
    "bridges": (
        _settings("ring", layers_spline=3, learn_view="bridges"),
        "Splines find all eight islands. But noise is one connected cloud, and what joins the "
        "islands gets thin, never nothing.",
        False,
    ),
    "on a bridge": (
        _settings("ring", layers_spline=3) | {"stage": "point", "x": 1.2, "y": 0.5},
        "A point between two islands, where there are no data. The terms add up to a density all "
        "the same.",
        False,
    ),
    "digits": (
        _settings("digits", layers_images=4),
        "Sixty-four numbers instead of two: the strokes come out, and each image has its price in "
        "bits.",
        True,
    ),
    "no layers": (
        _glide("moons", 24),
        "Flow matching: a velocity instead of layers. Each point glides to its place in 24 steps.",
        True,
    ),
    "one step": (
        _glide("moons", 1),
        "Were the ways straight, one step would do. It lands on the average instead.",
        False,
    ),
}

# What each question offers: (answer, whether it is right, why).
CHOICES: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "tear": (
        (
            "yes, with enough training",
            False,
            "A flow can be undone, smoothly in both directions, so it can't tear. Training makes "
            "the bridges thinner, never nothing.",
        ),
        (
            "no, thin bridges stay",
            True,
            "Noise is one connected cloud, and a smooth map leaves it connected. The view "
            '"Bridges" shows them in logarithms.',
        ),
        (
            "yes, with splines",
            False,
            "Splines squeeze far harder than stretching does, so their bridges are thinner. They "
            "are smooth all the same.",
        ),
    ),
    "mass": (
        (
            "less than 1: some is lost outside",
            False,
            "Nothing gets lost: the determinant accounts for every stretch and squeeze.",
        ),
        (
            "1, even untrained",
            True,
            "Bending moves the noise about, and noise has mass 1. Training only decides where it "
            "goes. The number under the picture checks it by quadrature.",
        ),
        (
            "1 only once trained",
            False,
            "That would hold if the total were learnt. Here it is built in.",
        ),
    ),
    "one layer": (
        (
            "half as good",
            False,
            "It is much worse: one coordinate has not moved at all.",
        ),
        (
            "one coordinate right, one as before",
            True,
            "A coupling moves half of the numbers and keeps the rest. Only the second layer "
            "reaches the other half.",
        ),
        (
            "as good, but slower",
            False,
            "However long it trains, the kept coordinate stays what it was.",
        ),
    ),
    "straight": (
        (
            "straight, too",
            False,
            "The lines between noise and data cross, and a velocity has one value in a place: the "
            "mean over all lines through it. So the ways bend.",
        ),
        (
            "bent",
            True,
            "Where lines cross the network has learnt their mean, which changes on the way. The "
            "number under the picture says how much longer the ways are.",
        ),
        (
            "random",
            False,
            "No noise is added on the way. The same start leads to the same place every time.",
        ),
    ),
    "loss": (
        (
            "zero",
            False,
            "The mean log-density of data is whatever their entropy says. It is the gap to the "
            "exact density that goes towards zero.",
        ),
        (
            "the entropy of the data",
            True,
            "No density scores better on fresh data than the exact one. What is left above it is "
            "the gap in the picture.",
        ),
        (
            "it has no end",
            False,
            "On a finite set one could put ever narrower spikes on the points. Fresh points stop "
            "that at the entropy.",
        ),
    ),
}

HELP: dict[str, str] = {
    "stage": "Learn trains a flow. The others show what it has become.",
    "coupling": "How a layer moves a number: along a curve of many knots, or by stretch and shift "
    "only. zuko is a strong flow from a library, to compare with.",
    "layers": "Each layer moves every other number. One leaves half of them as they were; how "
    "many does the picture need?",
    "bins": "Pieces of each spline. With few, edges are soft.",
    "hidden": "Neurons in the two hidden layers of the network that says how a layer moves.",
    "waves": "Sines and cosines of the kept number that the network sees: finer detail.",
    "way": "The same layers, passed in either direction.",
    "x": "Where the point lies, from left to right.",
    "y": "Where the point lies, from bottom to top.",
    "rungs": "Steps from noise to data. With few, points cut the corners of their ways.",
    "glide_seed": "Another seed is other noise to begin with.",
    "rate": "Size of the first steps; they shrink to zero. Far too large, and numbers overflow.",
}

TEXTS: dict[str, str] = {
    "learn": """
        A flow bends :blue[**data**] until they look like noise, and every bend can be undone.
        What is :orange[**made up**] is fresh noise, bent back. It learns from one number only:
        the density that it gives real points, which is known exactly.
    """,
    "bend": """
        Each layer moves every point along one coordinate, along rising curves that depend on the
        other. So points never change places on a line, the grid never tears, and each layer can
        be passed backwards. Where it squeezes, density rises.
    """,
    "point": """
        The density of a point is that of the noise where it ends up, times how much each layer
        stretches the space around it. In logarithms that is a sum. The tiny square shows the
        stretch, and the dashed line what the sum should be.
    """,
    "glide": """
        Take ever more layers that each move a little, and what is left is a velocity. It is learnt
        as on the page [Diffusion](diffusion?objective=flow&schedule=straight): along straight
        lines from noise to data. Adding up its divergence gives an exact density.
    """,
}

FORMULAS: tuple[str, ...] = (
    r"\log p(x) = \log \mathcal{N}\big(f(x);\, 0, I\big) + \sum_{l=1}^{L} "
    r"\log \left|\det \frac{\partial h_l}{\partial h_{l-1}}\right|, "
    r"\qquad h_0 = x,\quad h_L = f(x)",
    r"h_l = \big(k,\; g_{\theta(k)}(m)\big), \qquad \log |\det| = \sum_i \log g'_{\theta_i(k)}(m_i)"
    r" \quad\text{(coupling)}",
    r"g(m) = m\,e^{a} + b \ \text{(RealNVP)}, \qquad "
    r"g(m) = y_k + \frac{h\,(s r^2 + d_k r(1-r))}{s + (d_k + d_{k+1} - 2s)\,r(1-r)}"
    r" \ \text{(spline)}",
    r"\frac{dx}{dt} = v(x, t), \qquad \log p_0(x_0) = \log \mathcal{N}(x_1;\, 0, I) + "
    r"\int_0^1 \nabla \cdot v(x_t, t)\, dt \quad\text{(without layers)}",
    r"v(x, t) = \mathbb{E}\left[\epsilon - x_0 \mid x_t = x\right], \qquad "
    r"x_t = (1 - t)\,x_0 + t\,\epsilon \quad\text{(flow matching)}",
    r"\text{gap} = \mathbb{E}_{x \sim p^*}\left[\log p^*(x) - \log p(x)\right] = "
    r"\mathrm{KL}(p^* \,\|\, p) \ge 0",
)
SYMBOLS: dict[str, str] = {
    "x": "a point of the data, or an image",
    "f": "the flow, from data to noise; its inverse makes new data",
    "h_l": "the point after layer $l$ of $L$",
    "k, m": "the numbers that a layer keeps, and those that it moves",
    "g": "the curve along which a number is moved; a network of $k$ gives its parameters",
    "a, b": "log of the stretch, and the shift",
    "(x_k, y_k), d_k": "a knot of the spline and the slope there",
    "h, s, r": "height and mean slope of a bin, and how far along it $m$ lies, from 0 to 1",
    r"\mathcal{N}": "the density of standard normal noise",
    "v": r"the velocity; $\nabla \cdot v$, its divergence, is how fast it spreads points out",
    r"t, \epsilon": "share of noise, from 0 (data) to 1, and the noise itself",
    "p^*": "the exact density of the data; $p$ is the learnt one",
}
SOURCES: tuple[tuple[str, str], ...] = (
    ("Dinh, Krueger and Bengio (2014), NICE", "https://arxiv.org/abs/1410.8516"),
    (
        "Dinh, Sohl-Dickstein and Bengio (2017), Density Estimation using Real NVP",
        "https://arxiv.org/abs/1605.08803",
    ),
    ("Durkan et al. (2019), Neural Spline Flows", "https://arxiv.org/abs/1906.04032"),
    (
        "Papamakarios et al. (2021), Normalizing Flows for Probabilistic Modeling and Inference",
        "https://arxiv.org/abs/1912.02762",
    ),
    (
        "Cornish et al. (2020), Relaxing Bijectivity Constraints: what a flow cannot do",
        "https://arxiv.org/abs/1909.13833",
    ),
    (
        "Chen et al. (2018), Neural Ordinary Differential Equations",
        "https://arxiv.org/abs/1806.07366",
    ),
    (
        "Lipman et al. (2023), Flow Matching for Generative Modeling",
        "https://arxiv.org/abs/2210.02747",
    ),
    ("Rozet et al. (2022), zuko", "https://github.com/probabilists/zuko"),
)
