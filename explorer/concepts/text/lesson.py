"""What the page says and offers, as plain data: presets, labels, formulas, sources."""

from typing import Any

from explorer.concepts.text.config import RUNGS
from explorer.concepts.text.ngram import SMOOTHINGS

TEXTS_TO_LEARN: dict[str, str] = {
    "names": "first names",
    "moby": "Moby-Dick",
    "source": "known source",
    "own": "your own",
}
SYMBOLS_OF: dict[str, str] = {"0": "characters", "100": "100 pairs", "300": "300 pairs"}
LADDER, SMOOTH = RUNGS, SMOOTHINGS
THEN: dict[str, str] = {
    "next": "The next symbol",
    "tree": "Ways to go on",
    "new": "Is it new?",
    "sizes": "How much data?",
    "rules": "Rules by hand",
    "pairs": "Longer symbols",
}


def _settings(**others: Any) -> dict[str, Any]:
    usual = {"dataset": "names", "rungs": "window,lstm,transformer", "smoothing": "kneser",
             "pairs": "0", "hidden": 96, "dropout": 0.25, "steps": 600}  # fmt: skip
    return usual | others


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "works": (
        _settings(rungs="lstm", steps=1500),
        "One network with a memory, 15 CPU seconds: it draws level with the best n-gram.",
        True,
    ),
    "known source": (
        _settings(dataset="source", rungs="lstm", steps=1000),
        "Words that end as they began. The dashed floor is exact: counting stays far above it, "
        "a memory comes close.",
        True,
    ),
    "learns by heart": (
        _settings(rungs="lstm", hidden=192, dropout=0.0, steps=3000),
        "Many neurons, nothing dropped: the mark on unseen names turns and rises again, and "
        "copies appear.",
        False,
    ),
    "too short": (
        _settings(rungs="transformer", steps=200),
        "A transformer has the most to learn. After two seconds it is far behind counting.",
        False,
    ),
}

HELP: dict[str, str] = {
    "dataset": "What is learnt. Part of it is held out and judges. The known source is a made-up "
    "language whose best possible score is computed exactly.",
    "rungs": "Networks that learn side by side, each for the same CPU seconds. Fewer of them are "
    "over sooner.",
    "smoothing": "What an n-gram does about what it never saw. Try add-k and look how soon longer "
    "contexts harm it.",
    "pairs": "Merge frequent neighbours into longer symbols first. Bits stay per character, so "
    "that both can be compared.",
    "hidden": "Neurons of a layer. More learn more by heart, and more slowly.",
    "dropout": "The share of neurons switched off at every update. It keeps a network from "
    "learning by heart.",
    "k": "What add-k adds to every count. Too much, and everything looks possible.",
}

TEXTS: dict[str, str] = {
    "run": """
        Every rung answers one question again and again: **what comes next?** It gives each symbol
        a chance; the true one costs $-\\log_2 p$ bits. :violet[**Counting**] is done at once. The
        :orange[**networks**] start from knowing nothing and learn from their mistakes. Unseen text
        judges all of them alike.
    """,
    "wait": "This part uses the trained rungs and begins when the run is over.",
}

FORMULAS: list[str] = [
    r"\text{bits per character} = -\frac{1}{T} \sum_{t} \log_2 p(x_t \mid x_{<t})",
    r"p_n(w \mid h) = \frac{\max(c(hw) - D(c(hw)), 0)}{c(h)} + \lambda(h)\, p_{n-1}(w \mid h')",
    r"c_t = f_t \odot c_{t-1} + i_t \odot g_t, \qquad h_t = o_t \odot \tanh(c_t)",
    r"h = -\sum_s \pi(s) \sum_x p(x \mid s) \log_2 p(x \mid s)",
]
SYMBOLS: dict[str, str] = {
    "x_t": "the symbol at place $t$; $T$ characters in all",
    "c(hw)": "how often $w$ followed $h$ (in shorter contexts: in how many different places)",
    "D": "the discount: three numbers, for counts of one, two and more",
    r"\lambda(h)": "what the discounts leave for the shorter context $h'$",
    "i, f, o": "the gates of the LSTM, between 0 and 1: write, keep, show",
    r"\pi(s)": "the share of time that the known source spends in state $s$",
}
SOURCES: list[tuple[str, str]] = [
    ("Shannon (1951), Prediction and Entropy of Printed English",
     "https://doi.org/10.1002/j.1538-7305.1951.tb01366.x"),
    ("Weizenbaum (1966), ELIZA", "https://doi.org/10.1145/365153.365168"),
    ("Chen and Goodman (1998), An Empirical Study of Smoothing Techniques",
     "https://dash.harvard.edu/handle/1/25104739"),
    ("Bengio et al. (2003), A Neural Probabilistic Language Model",
     "https://www.jmlr.org/papers/v3/bengio03a.html"),
    ("Hochreiter and Schmidhuber (1997), Long Short-Term Memory",
     "https://doi.org/10.1162/neco.1997.9.8.1735"),
    ("Vaswani et al. (2017), Attention Is All You Need", "https://arxiv.org/abs/1706.03762"),
    ("Holtzman et al. (2020), The Curious Case of Neural Text Degeneration (top-p)",
     "https://arxiv.org/abs/1904.09751"),
    ("Keskar et al. (2019), CTRL (repetition penalty)", "https://arxiv.org/abs/1909.05858"),
    ("Sennrich, Haddow and Birch (2016), Subword Units", "https://arxiv.org/abs/1508.07909"),
    ("Karpathy (2022), makemore", "https://github.com/karpathy/makemore"),
]  # fmt: skip
