"""What the page says and offers, as plain data: presets, labels, formulas, sources."""

from typing import Any

from explorer.concepts.text.config import RUNGS
from explorer.concepts.text.ngram import SMOOTHINGS
from explorer.concepts.text.train import NAMES, WITHOUT

TEXTS_TO_LEARN: dict[str, str] = {
    "names": "names",
    "moby": "Moby-Dick",
    "source": "known source",
    "own": "yours",
}
SYMBOLS_OF: dict[str, str] = {"0": "characters", "100": "100 pairs", "300": "300 pairs"}
RULEBOOKS: dict[str, str] = {"grammar": "a phrase grammar", "eliza": "a reply, as ELIZA's"}
PROMPTS: dict[str, str] = {"names": "mar", "moby": "the white wh", "source": "bolami"}
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
             "pairs": "0", "hidden": 96, "dropout": 0.15, "noise": 0.0, "steps": 600}  # fmt: skip
    return usual | others


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "works": (
        _settings(rungs="lstm", steps=1500),
        "One network with a memory, 15 CPU seconds: it comes close to the best n-gram.",
        True,
    ),
    "known source": (
        _settings(dataset="source", rungs="lstm", hidden=64, dropout=0.0, steps=1500),
        "Words that end as they began. The dashed floor is exact: counting stays far above it, "
        "a memory comes close.",
        True,
    ),
    "beats counting": (
        _settings(rungs="lstm", hidden=128, dropout=0.3, noise=0.1, steps=6000),
        "A minute, and a tenth of the symbols swapped for random ones, so that less is learnt by "
        "heart: now the network wins.",
        True,
    ),
    "learns by heart": (
        _settings(rungs="lstm", hidden=192, dropout=0.0, steps=4000),
        "Many neurons, nothing dropped: it does well for 20 seconds, then the mark on unseen "
        "names turns and rises, and copies appear.",
        False,
    ),
    "too short": (
        _settings(rungs="transformer", steps=200),
        "A transformer has the most to learn. After two seconds it is far behind counting.",
        False,
    ),
}

QUESTIONS: dict[str, str] = {
    "longer": "Counting with longer and longer contexts: always better?",
    "second": "8,000 names: who guesses unseen ones best after 1 s?",
    "zero": "Could a perfect model need 0 bits a character?",
    "beam": "Beam search finds likelier text than dice. Is it better text?",
}
# What each question offers: (answer, whether it is right, why).
CHOICES: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "longer": (
        ("yes", False, "It would with endless text. Most runs of seven symbols were never seen "
         "before, and nothing can be counted of them."),
        ("no, there is a best length", True, "Longer contexts tell more but were seen less often. "
         "The view How far back to count shows the turn."),
        ("it makes no difference", False, "From one to four symbols every step back helps a lot."),
    ),
    "second": (
        ("the LSTM", False, "It needs a thousand updates to find out what counting knows at "
         "once."),
        ("the transformer", False, "The slowest starter of all: it has to learn where to look "
         "first."),
        ("counting", True, "All counts are there after a tenth of a second. Networks need time, "
         "or more data, to win."),
    ),
    "zero": (
        ("yes, with enough training", False, "Then every next letter would be certain. On unseen "
         "text only what the source repeats can be."),
        ("no, never under the entropy", True, "The source itself throws dice. For the known source "
         "the floor is exact: choose it, and see who comes near."),
        ("only a transformer could", False, "No model can know a die before it falls."),
    ),
    "beam": (
        ("yes, likelier is better", False, "Write on with a large beam: short, safe, the same "
         "every time. Real text is seldom the likeliest."),
        ("no, dice write more like the data", True, "Each sample of the dice is unlikely, as each "
         "real name is. A crowd of them looks like the data; the beam's answer never does."),
        ("both are the same", False, "One looks for the peak, the other draws from the whole "
         "landscape. See Ways to go on."),
    ),
}  # fmt: skip

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
    "then": "Play with the trained rungs, or see where they come from.",
    "which": "What learns each part. The LSTM is done soonest; the transformer needs most time.",
    "rung": "Who guesses. The same text, the same filters, another rung.",
    "prompt": "Your own beginning. Every rung reads it and says what may come next.",
    "temperature": "Below 1 the likely becomes likelier still, above 1 everything comes closer "
    "together. Watch the filled bars leave the outlines.",
    "top_k": "Only so many of the likeliest may be drawn; 0 lets all of them.",
    "top_p": "Only the likeliest that together reach this share. Where the rung is sure, one or "
    "two symbols are left; where it is not, many.",
    "penalty": "Makes symbols rarer that are in the text already. Good against loops of words, "
    "harmful for letters.",
    "width": "Beginnings that beam search keeps open. One of them is greedy search.",
    "turn": "Other dice choose among the same rules: always correct, seldom sensible.",
    "book": "Rules can be read, every one of them. What they can't do is learn.",
    "say": "A sentence in English. Try I am ..., I need ..., my ..., or nothing that fits.",
    "noise": "The share of symbols swapped for random ones while learning. Slower, but little is "
    "learnt by heart: with a minute of time it beats counting.",
    "by_size": "Off, the network learns as long on every part, and reads a small one again and "
    "again. On, its time shrinks with the part: look whether it still learns by heart.",
    "k": "What add-k adds to every count. Too much, and everything looks possible.",
}

TEXTS: dict[str, str] = {
    "run": """
        Every rung answers one question again and again: **what comes next?** It gives each symbol
        a chance; the true one costs $-\\log_2 p$ bits. :violet[**Counting**] is done at once. The
        :orange[**networks**] start from knowing nothing and learn from their mistakes. Unseen text
        judges all of them alike.
    """,
    "next": """
        Type a beginning. The strip shows what each symbol **cost**, in bits: full bars were
        surprises. Choose a place to see what was expected there. **Click a bar** to go on with
        it. Temperature, top-k, top-p and the penalty change the chances before the dice fall.
    """,
    "tree": """
        Every :orange[**branch**] is a way to go on. **Greedy** takes the widest one at each fork.
        :violet[**Beam**] looks for the likeliest whole. :blue[**Dice**] write as the model does.
        The likeliest text is not typical: it is short and dull.
    """,
    "new": """
        **Is it new?** Under each sample stand the training example that resembles it most and the
        longest run copied from it. A copy need not come from memory: with short names, chance
        finds real ones, too. No held-out name is in the training text, so its share is 0.
    """,
    "sizes": """
        Counting and one network on growing parts of the same text. Given long on little text, the
        network learns it by heart; given too short on much, it is not done. Where the curves
        cross, the order flips. Training seconds move that place: the known source needs few of
        them, all names a minute, as in the preset beats counting.
    """,
    "rules": """
        **Rules by hand** came first. A grammar rewrites names of phrases until only words are
        left: always correct, seldom sensible. ELIZA (1966) looks for a keyword, turns pronouns
        round and fills a template. People told it their secrets; there is nobody in it.
    """,
    "pairs": """
        **Longer symbols.** The most frequent pair of neighbours becomes one symbol, again and
        again: first letters join, then words. Large language models read such symbols, not
        letters. Bits are shared out per character, so that all of them can be compared.
    """,
    "wait": "This part uses the trained rungs and begins when the run is over.",
}


def prompt(dataset: str) -> str:
    """A beginning to start with; of a visitor's own text, none."""
    return PROMPTS.get(dataset, "")


def writers(rungs: tuple[str, ...]) -> dict[str, str]:
    """Who can be asked after a run with these networks."""
    return {name: label for name, label in NAMES.items() if name in WITHOUT or name in rungs}


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
