"""What the page says and offers, as plain data: presets, help, texts, formulas, sources."""

from typing import Any

from explorer.concepts.decision_boundaries.config import Config
from explorer.concepts.decision_boundaries.spam import WORDS

DATA = ("moons", "gaussians", "circles", "pinwheel", "spiral", "checkerboard")
MAIL: dict[str, str] = {word: word for word in WORDS}
THEN: dict[str, str] = {
    "labels": "Who wins with how many labels?",
    "mail": "A mail filter",
}


def _settings(dataset: str, a: str, b: str, **more: Any) -> dict[str, Any]:
    """Values by parameter of the link; whatever is not named goes back to its default."""
    default = Config()
    same = {
        key: getattr(default, key)
        for key in (
            "overlap", "labels", "unlabelled", "hidden_units", "learning_rate", "weight_decay", "neighbours",
            "svm_c", "kernel_width", "components", "bandwidth",
        )
    }  # fmt: skip
    return {"dataset": dataset, "discriminative": a, "generative": b, **same, **more}


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "both fit": (
        _settings("moons", "network", "mixture"),
        "A net and a mixture of Gaussians both come close to the best possible boundary.",
        True,
    ),
    "one Gaussian each": (
        _settings("gaussians", "network", "qda", labels=64),
        "Each class is one Gaussian, just as QDA assumes: with 64 labels it is hard to beat.",
        True,
    ),
    "few labels": (
        _settings("gaussians", "svm", "qda", labels=16, unlabelled=1000),
        "Sixteen labels name what a thousand unlabelled points show. Look at the view No labels.",
        True,
    ),
    "four classes": (
        _settings("pinwheel", "svm", "mixture", components=2),
        "Five bent arms dealt out to four classes: every model here handles more than two.",
        True,
    ),
    "straight lines": (
        _settings("circles", "logistic", "lda"),
        "Both draw a straight line, and no straight line parts a ring from what it surrounds.",
        False,
    ),
    "fills the hole": (
        _settings("circles", "svm", "naive_bayes"),
        "Naive Bayes finds a fair boundary, yet its new points fill the hole of the ring.",
        False,
    ),
    "learns by heart": (
        _settings("gaussians", "network", "kde", labels=64, weight_decay=0.0, hidden_units=128, bandwidth=0.06),
        "A large net without decay and kernels too narrow fit every label, and its accidents.",
        False,
    ),
    "unlabelled hurt": (
        _settings("checkerboard", "network", "qda", labels=32, unlabelled=1000),
        "One Gaussian per class cannot be a board: the unlabelled points pull it somewhere else.",
        False,
    ),
}

HELP: dict[str, str] = {
    "discriminative": "Learns p(y | x) only: which class, given a point. Expect a verdict for "
    "every point of the plane, also where nothing ever was.",
    "generative": "Learns p(x, y): where the points of each class lie. Expect a boundary, new "
    "points, and answers when something is missing.",
    "labels": "Labels arrive one by one up to this number. With 8 assumptions decide; with "
    "thousands the data do.",
    "overlap": "Noise that makes the classes run into each other. The best possible error rises "
    "with it: 0 parts the classes almost completely.",
    "classes": "Sets with more groups deal them out to so many classes. Sets of two keep two.",
    "unlabelled": "Points whose class nobody told. Only the generative model can learn from them.",
    "components": "Gaussians per class of the mixture. One is QDA; many follow bent shapes, and "
    "accidents.",
    "hidden_units": "Neurons in each of the net's two hidden layers. More bend the boundary more.",
    "learning_rate": "How far the net goes in one step. Too far, and it never settles or diverges.",
    "weight_decay": "How strongly the net's weights are pulled to zero: the boundary becomes smoother.",
    "neighbours": "How many nearest labels vote. One gives every label an island of its own.",
    "kernel_width": "How far a support vector's influence goes. Small values draw islands around points.",
    "bandwidth": "Of each kernel. 0 takes the width under which left-out points are likeliest.",
    "then": "Two more experiments: the same two models over and over, and filters for mail.",
    "words": "Put words into the mail and take them out. Which of them go together?",
    "mails": "How many labelled mails both filters learnt from.",
    "event_model": "There or not: absent words count, too. Shares: only the words that are there.",
}

TEXTS: dict[str, str] = {
    "picture": (
        "**A** learns p(y | x), the odds of the classes at each point. **B** learns p(x, y), where "
        "the points of each class lie, and gets the odds from it. The dashed line is the best "
        "boundary there can be, because here the truth is known exactly. Choose a view to see what "
        "only B can do."
    ),
    "labels": (
        "Both models are fitted afresh to 4, 8, 16 and more labels, again and again with other "
        "labels, until the difference is no longer luck. A wrong assumption is a debt: cheap "
        "while labels are few, and never paid back."
    ),
    "mail": (
        "A mail is twelve words, there or not. Both filters are one straight sum: naive Bayes "
        "counts words in each class, logistic regression fits the weights directly. The source "
        "is known exactly, so every error is exact, too."
    ),
    "wait": "This experiment starts when the run above is over.",
}

FORMULAS: tuple[str, ...] = (
    r"p(y \mid x) = \frac{p(x \mid y)\,p(y)}{\sum_{y'} p(x \mid y')\,p(y')}",
    r"\text{best error} = \int \Bigl(p(x) - \max_y p(x, y)\Bigr)\,dx",
    r"p(y \mid x_1) \propto p(y) \int p(x_1, x_2 \mid y)\,dx_2",
    r"r_{nk} = \frac{w_k\,\mathcal N(x_n; m_k, S_k)}{\sum_j w_j\,\mathcal N(x_n; m_j, S_j)}"
    r",\quad m_k = \frac{\sum_n r_{nk}\,x_n}{\sum_n r_{nk}}",
    r"\log\frac{p(\text{spam} \mid x)}{p(\text{ham} \mid x)} = b + \sum_i w_i\,x_i",
)
SYMBOLS: dict[str, str] = {
    "x = (x_1, x_2)": "a point; in the mail filter, which words are there (0 or 1 each)",
    "y": "its class",
    "p(y)": "the share of a class",
    r"p(x \mid y)": "how dense the points of a class are at x: what a generative model learns",
    r"p(y \mid x)": "the odds of the classes at x: all that a discriminative model learns",
    r"r_{nk}": "the share of component k in point n (the E step); the sums over a class include "
    "only points that may belong to it",
    r"w_k, m_k, S_k": "weight, centre and covariance of Gaussian k (m_k: the M step)",
    r"\mathcal N": "the normal density",
    "b, w_i": "the log-odds of an empty mail, and what word i adds to them",
}
SOURCES: tuple[tuple[str, str], ...] = (
    (
        "Ng and Jordan (2001), On Discriminative vs. Generative Classifiers: A comparison of "
        "logistic regression and naive Bayes",
        "https://proceedings.neurips.cc/paper/2001/hash/7b7a53e239400a13bd6be6c91c4f6c4e-Abstract.html",
    ),
    (
        "Bishop (2006), Pattern Recognition and Machine Learning, chapters 1.5, 4 and 9",
        "https://www.microsoft.com/en-us/research/publication/pattern-recognition-machine-learning/",
    ),
    (
        "Fisher (1936), The use of multiple measurements in taxonomic problems",
        "https://doi.org/10.1111/j.1469-1809.1936.tb02137.x",
    ),
    (
        "Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via EM",
        "https://doi.org/10.1111/j.2517-6161.1977.tb01600.x",
    ),
    (
        "Cortes and Vapnik (1995), Support-vector networks",
        "https://doi.org/10.1007/BF00994018",
    ),
    (
        "Cover and Hart (1967), Nearest neighbor pattern classification",
        "https://doi.org/10.1109/TIT.1967.1053964",
    ),
    (
        "Nigam, McCallum, Thrun and Mitchell (2000), Text classification from labeled and "
        "unlabeled documents using EM",
        "https://doi.org/10.1023/A:1007692713085",
    ),
    (
        "Platt (1999), Probabilistic outputs for support vector machines",
        "https://www.researchgate.net/publication/2594015",
    ),
)
