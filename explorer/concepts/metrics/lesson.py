"""What the page says and offers, as plain data: presets, labels, formulas, sources."""

from typing import Any

from explorer.concepts.metrics.reader import SETS

DATA: tuple[str, ...] = SETS
STAGES: dict[str, str] = {
    "pictures": "Pictures",
    "words": "Words",
    "sizes": "How many?",
    "league": "League",
}
# The widths of the controls beside the stage: data, what belongs to the stage, more.
WIDTHS: dict[str, tuple[int, ...]] = {
    "pictures": (6, 5, 5, 3),
    "words": (6, 5, 5, 3),
    "sizes": (16, 3),
    "league": (16, 3),
}
DAMAGES: dict[str, str] = {
    "blur": "blur",
    "noise": "noise",
    "shift": "shift",
    "drop": "drop classes",
    "alike": "repeat a few",
    "memorise": "memorise",
}
WORD_DAMAGES: dict[str, str] = {
    "shuffle": "shuffle words",
    "synonyms": "swap synonyms",
    "drop_words": "drop words",
    "loop": "loop",
    "alike": "repeat a few",
    "memorise": "memorise",
}


def _settings(stage: str, **others: Any) -> dict[str, Any]:
    return {"stage": stage, **others}


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "blur": (
        _settings("pictures", dataset="mnist", damage="blur", strength=1.0),
        "What most metrics were made for: nearly all of them notice.",
        True,
    ),
    "two classes gone": (
        _settings("pictures", dataset="mnist", damage="drop", strength=0.4),
        "Precision and density praise what is there and can't see what is missing; recall and "
        "coverage can.",
        True,
    ),
    "memoriser": (
        _settings("pictures", dataset="mnist", damage="memorise", strength=1.0),
        "Exact copies of the training pictures. Only novelty objects; the Fréchet distance is "
        "better than perfect.",
        False,
    ),
    "one pixel": (
        _settings("pictures", dataset="mnist", damage="shift", strength=0.25),
        "A shift that nobody would see: the pixel error shouts, the Fréchet distance hardly stirs.",
        False,
    ),
    "word salad": (
        _settings("words", word_damage="shuffle", strength=1.0),
        "All words are there, in no order: ROUGE-1 and the soft match give full marks.",
        False,
    ),
    "broken record": (
        _settings("words", word_damage="loop", strength=1.0),
        "Three words again and again. They cost the judge little, so perplexity is content.",
        False,
    ),
    "who wins": (
        _settings("league", dataset="mnist"),
        "Seven makers, eight judges. One of the makers only copies: who finds out?",
        True,
    ),
}

# What each question offers: (answer, whether it is right, why).
CHOICES: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "memory": (
        ("worse", False,
         "It compares with the training pictures, and these are the training pictures."),
        ("better than perfect", True,
         "Copies match the reference to the last digit: a distance of zero, below the floor. A "
         "value below its floor is a reason to look for copies."),
        ("at the floor", False,
         "The floor is for new pictures. Copies are below it."),
    ),
    "half": (
        ("precision", False,
         "It asks whether made pictures look real. Those that are left do."),
        ("recall", True,
         "It asks how many real pictures have a made one near by: of lost classes, few."),
        ("both alike", False,
         "They are two questions: is what is made good, and is what is good made?"),
    ),
    "salad": (
        ("ROUGE-1", True,
         "It counts single words, and all of them are still there. So does the soft match."),
        ("BLEU", False, "It counts runs of up to four words, and hardly one survives."),
        ("perplexity", False,
         "The judge knows which words follow each other, and is surprised."),
    ),
    "floor": (
        ("zero", False,
         "Only if both sets were endless. The covariances of a few hundred pictures are guesses, "
         "and two guesses differ."),
        ("above zero, less with more pictures", True,
         "The distance of finite sets is too large, by about one over their number. So distances "
         "at different numbers of samples can't be compared."),
        ("above zero, whatever their number", False,
         "It falls as the number grows: see How many samples."),
    ),
}  # fmt: skip

HELP: dict[str, str] = {
    "stage": "Spoil a perfect set and watch the metrics; see how many samples a metric needs; or "
    "let seven makers compete.",
    "damage": "What happens to a set of fresh real pictures. Drop classes and memorise leave every "
    "picture perfect; only the set is wrong.",
    "word_damage": "What happens to real sentences. A loop is what weak language models fall into.",
    "strength": "How far it goes at the end of the run. Begin small: which metric is the first to "
    "notice?",
    "samples": "Pictures or sentences in the set. Fewer make every floor wider, so that less is "
    "noticed. A small set gives what it has.",
    "steps": "In how many steps the damage grows.",
}

# The kinds of damage, their name in the link, and what to expect.
KINDS: dict[str, tuple[dict[str, str], str, str]] = {
    "pictures": (DAMAGES, "damage", HELP["damage"]),
    "words": (WORD_DAMAGES, "word_damage", HELP["word_damage"]),
}

TEXTS: dict[str, str] = {
    "pictures": """
        Fresh :blue[**real**] pictures are a perfect model's work. They are
        :orange[**spoilt**] step by step. Each row is a metric: it turns :violet[**violet**] when
        its value leaves what perfect sets would score, :blue[**blue**] when it finds the spoilt
        set better than perfect. Which rows stay pale?
    """,
    "words": """
        Sentences that the judge has never read are :orange[**spoilt**] word by word. The lower
        five metrics compare each sentence with its original, as one does with a
        translation. Where whole sentences are replaced there are no pairs to compare.
    """,
    "sizes": """
        Both sets are :blue[**real**] here, so a metric should find nothing. It does, because few
        samples are a rough guess of a distribution. :orange[**Slightly blurred**] pictures beside
        them show what that hides. Shaded: where 99 % of the values lie.
    """,
    "league": """
        Each maker delivers as many pictures, each metric sorts the table. The memoriser copies
        the training pictures, which are also what the metrics compare with, as is usual. A
        distance below the floor of new real pictures should make one suspicious.
    """,
    "floor": """
        The floor of a metric is the interval in which 99 % of perfect sets of this size lie:
        real pictures that share none with those they are compared with. An alarm counts how many
        times farther from its mean a value lies than the edge of the floor.
    """,
    "book": "Sentences of Moby-Dick, from chapters that the judge has not read.",
    "pairs": """
        The unit of every alarm is the way from the mean of the floor to its edge; inside lie
        99 % of perfect sets. Metrics of pairs have no such noise, a copy scores exactly their
        bound; their unit is how much they vary between unrelated pairs.
    """,
    "eyes": """
        Pictures are seen through a small classifier of our own, which learnt from other pictures.
        Papers use a network called Inception. What it does not look at, no metric on its features
        can notice, and marks by different eyes can't be compared.
    """,
}

FORMULAS: tuple[str, ...] = (
    r"\text{Fréchet} = \|m_r - m_g\|^2 + \operatorname{tr}\big(S_r + S_g - 2 (S_r S_g)^{1/2}\big)",
    r"\text{kernel} = \mathbb{E}_{i \ne j} k(r_i, r_j) + \mathbb{E}_{i \ne j} k(g_i, g_j) - "
    r"2\,\mathbb{E}\,k(r_i, g_j), \qquad k(a, b) = (a \cdot b / d + 1)^3",
    r"\text{inception score} = \exp \mathbb{E}_g\, \mathrm{KL}\big(p(y \mid g) \,\|\, p(y)\big)",
    r"\text{precision} = \mathbb{E}_g\,[\,\exists r: |g - r| \le \rho_k(r)\,], \qquad "
    r"\text{recall} = \mathbb{E}_r\,[\,\exists g: |g - r| \le \rho_k(g)\,]",
    r"\text{density} = \tfrac1k\,\mathbb{E}_g \textstyle\sum_r [\,|g - r| \le \rho_k(r)\,], \qquad "
    r"\text{coverage} = \mathbb{E}_r\,[\,\exists g: |g - r| \le \rho_k(r)\,]",
    r"\text{feature gap} = \textstyle\sum_l \operatorname{mean}_{h,w} \|\hat a_l(x) - "
    r"\hat a_l(y)\|^2, \qquad \text{novelty} = "
    r"\frac{\mathbb{E}_g \min_t |g - t|}{\mathbb{E}_f \min_t |f - t|}",
    r"\text{bits} = -\tfrac1n \textstyle\sum_i \log_2 p(c_i \mid c_{<i}), \qquad "
    r"\text{perplexity} = 2^{\,\text{bits} \cdot n / \text{words}}",
    r"\text{BLEU} = 100\,\min(1, e^{1 - r/c}) \textstyle\prod_{n=1}^4 P_n^{1/4}, \qquad "
    r"\text{ROUGE} = \frac{2 \cdot \text{shared}}{\text{here} + \text{there}}, \qquad "
    r"\text{distinct} = \frac{\text{different}}{\text{all}}",
)
SYMBOLS: dict[str, str] = {
    "r, g": "features of real and of made (generated) pictures",
    "m, S": "their mean and covariance",
    "k(a, b)": "a kernel: how alike two features are, to the third power",
    "p(y)": "the classes that are seen, on average over the made pictures",
    r"\rho_k": "reach: the distance of a picture from its k-th neighbour in its own set; k = 5",
    "t, f": "training pictures and fresh real ones, as pixels",
    r"\hat a_l": "what layer l answers, at every place scaled to length one",
    "c_i": "the i-th of n letters; p is the judge's",
    "P_n": "share of runs of n words that are in the reference, of length r; the text's is c",
}
SOURCES: tuple[tuple[str, str], ...] = (
    ("Salimans et al. (2016), Improved Techniques for Training GANs (inception score)",
     "https://arxiv.org/abs/1606.03498"),
    ("Heusel et al. (2017), GANs Trained by a Two Time-Scale Update Rule (Fréchet distance)",
     "https://arxiv.org/abs/1706.08500"),
    ("Bińkowski et al. (2018), Demystifying MMD GANs (kernel distance)",
     "https://arxiv.org/abs/1801.01401"),
    ("Kynkäänniemi et al. (2019), Improved Precision and Recall",
     "https://arxiv.org/abs/1904.06991"),
    ("Naeem et al. (2020), Reliable Fidelity and Diversity Metrics",
     "https://arxiv.org/abs/2002.09797"),
    ("Chong and Forsyth (2020), Effectively Unbiased FID and Inception Score",
     "https://arxiv.org/abs/1911.07023"),
    ("Zhang et al. (2018), The Unreasonable Effectiveness of Deep Features (LPIPS)",
     "https://arxiv.org/abs/1801.03924"),
    ("Meehan, Chaudhuri and Dasgupta (2020), A Non-Parametric Test to Detect Data-Copying",
     "https://arxiv.org/abs/2004.05675"),
    ("Papineni et al. (2002), BLEU", "https://aclanthology.org/P02-1040"),
    ("Lin (2004), ROUGE", "https://aclanthology.org/W04-1013"),
    ("Li et al. (2016), A Diversity-Promoting Objective Function (distinct-n)",
     "https://arxiv.org/abs/1510.03055"),
    ("Zhu et al. (2018), Texygen (self-BLEU)", "https://arxiv.org/abs/1802.01886"),
    ("Zhang et al. (2020), BERTScore", "https://arxiv.org/abs/1904.09675"),
    ("Theis, van den Oord and Bethge (2016), A Note on the Evaluation of Generative Models",
     "https://arxiv.org/abs/1511.01844"),
)  # fmt: skip
