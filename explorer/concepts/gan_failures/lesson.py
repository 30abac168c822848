"""What the page says and offers, as plain data."""

from typing import Any

from explorer.concepts.gan_failures.config import CURE_NAMES, FAILURE_NAMES, FAILURES, NONE

WHY: dict[str, str] = {
    "collapse": "A judge with sharp eyes: its slope changes sign between modes, so points are held "
    "on the nearest ones.",
    "vanish": "A judge far stronger than its rival, and a loss that is flat where it is sure: the "
    "generator is told nothing.",
    "circles": "Ten times the step and long memory: each player overruns the other's answer.",
    "early": "The same strong judge with a loss that is not flat: arrows are long, and still "
    "they do not lead to every mode.",
    "forget": "A generator ten times faster than its judge: it runs to whatever mode is believed "
    "in now, and leaves the one before.",
    "copies": "Sixteen real points, seen thousands of times each, and the best recipe there is: it "
    "learns the sixteen.",
}


def _settings(failure: str, cure: str) -> dict[str, Any]:
    return {"failure": failure, "cure": cure, "steps": FAILURES[failure].game.steps}


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    FAILURE_NAMES[failure]: (_settings(failure, NONE), why, False) for failure, why in WHY.items()
} | {
    "cure it": (
        {"cure": "together"},
        "Before and after from the same seed. All that helps brought back every mode in each of "
        "20 seeds, whichever failure is played; only copies need more data.",
        True,
    ),
    "endless data": (
        _settings("copies", "data"),
        "The same generator, but no point is seen twice: nothing to learn by heart.",
        True,
    ),
}
CURES: dict[str, str] = dict(CURE_NAMES)
THEN: dict[str, str] = {
    "rates": "Success rates",
    "wall": "Nine seeds",
    "bilinear": "The simplest game",
    "posterior": "Posterior collapse",
}
HELP: dict[str, str] = {
    "failure": "Which failure is played. It needs nothing but its settings: nearly any seed will "
    "do, see the first row of the table.",
    "cure": "One change of the rules. Both games start from the same generator and see the same "
    "batches; the difference is the cure. All that helps: loss, both penalties, one update each, "
    "short memory, steps that fade, averaged weights, and a generator of the usual size.",
    "size": "Both players' step. Larger steps turn faster and, at once, run away sooner.",
    "rounds": "How long the game of two numbers is played.",
    "then": "What else there is to see.",
}
# What each question offers: (answer, whether it is right, why).
CHOICES: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "stronger": (
        ("yes, its advice gets better", False, "Better at telling apart, yes. But with the "
         "minimax loss a judge that is sure has no slope left: the arrows vanish."),
        ("no, it may stop helping", True, "With the minimax loss the slope goes to zero where the "
         "judge is sure. With another loss it stays long and still misses modes."),
        ("it makes no difference", False, "Compare the presets: only the judge's strength and the "
         "loss have changed."),
    ),
    "losses": (
        ("yes", False, "In the collapsed game both losses settle, too: the judge has given up on "
         "the modes that are never visited."),
        ("no, count the modes", True, "Losses say who is winning. Collapsed games rest as well; "
         "only points tell."),
        ("yes, if both are low", False, "One player's gain is the other's loss: both low means "
         "little here."),
    ),
    "once": (
        ("yes, it is what settings do", False, "Look at the wall of nine: the same settings, and "
         "some seeds recover while others do not."),
        ("no, try more seeds", True, "One lucky seed proves little: nine of nine still leaves a "
         "true rate as low as 70 %. That is what the intervals say."),
        ("yes, seeds do not matter", False, "The seed decides where the generator starts, and "
         "so which mode it meets first."),
    ),
    "smaller": (
        ("yes, small steps settle", False, "Smaller steps only run away more slowly: the distance "
         "grows by the root of 1 + h squared in every round, for every h."),
        ("no, it runs away slower", True, "Both at once grows for every step size. Taking turns "
         "keeps the distance, looking ahead shrinks it."),
        ("no, nothing ever settles", False, "Looking one step ahead does, and the average of the "
         "turns does as well."),
    ),
}  # fmt: skip
TEXTS: dict[str, str] = {
    "run": """
        **One failure, one change, one seed.** Both games start from the same
        :orange[**generator**] and see the same batches of :blue[**real**] points. The figures
        could be taken in any training: modes covered, how often the :violet[**judge**] finds the
        real one, and how steep it is where the generator stands.
    """,
    "not": """
        This cure cannot be applied here: it is in force already, or cannot be combined with what
        is. The table below marks such cells with a dash.
    """,
    "rates": """
        **How often does each cure work?** Twenty seeds a cell: a run counts if it covers all
        modes at each of its last three looks, with points that are not copies. Beside
        each rate stands the interval that so few seeds leave. Click a cell to play nine of them.
    """,
    "fresh": """
        **Chosen on these very seeds.** The settings were tuned on seeds 0 to 19, which flatters
        the table. On forty others the collapse came back in 37, the vanishing slope in 39,
        oscillation in all; the best cure of each failure worked in all forty.
    """,
    "wall": """
        **The same settings from nine seeds**, trained together as one batch. What one seed shows
        may be luck; what nine agree on is hardly. The first square plays the game from above, until
        rounding parts the two.
    """,
    "bilinear": """
        **Two numbers are enough.** One player wants x times y small and moves x, the other wants
        it large and moves y. At rest both are zero. Each answers where the other stands, so
        they circle it. What they do is known exactly: the dashed lines.
    """,
    "posterior": """
        **Another model, another failure.** An autoencoder whose code costs too much stops using
        it: the decoder paints the average, whatever it is shown. Its page has the settings, the
        count of units that still carry something, and the way back.
    """,
}
_CODE = {"dataset": "digits", "latent": "8"}
# Title, promise, what to do, and the link of the page about latent space.
POSTERIOR: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("Before: posterior collapse", "Eight numbers for each tiny digit, and none of them is used.",
     "Beta 4: every number costs more than it earns. Watch the units die.",
     {**_CODE, "beta": "4.0"}),
    ("After: a cheaper code", "The same images, the same seed, a quarter of the price.",
     "Beta 1: count the units that carry something now.", {**_CODE, "beta": "1.0"}),
)  # fmt: skip
FORMULAS = [
    r"R_1 = \tfrac{\gamma}{2}\,\mathbb{E}_{x \sim p}\lVert\nabla D(x)\rVert^2, \qquad "
    r"R_2 = \tfrac{\gamma}{2}\,\mathbb{E}_{x \sim q}\lVert\nabla D(x)\rVert^2, \qquad "
    r"GP = \lambda\,\mathbb{E}(\lVert\nabla D(\hat x)\rVert - 1)^2",
    r"\text{relativistic: } L_D = \mathbb{E}\log(1 + e^{b - a}), \qquad "
    r"\text{spectral norm: } W' = W / \sigma_{\max}(W)",
    r"\text{feature matching: } L_G = \lVert\mathbb{E}\,h(x) - \mathbb{E}\,h(G(z))\rVert^2, \qquad "
    r"\text{historical averaging: } + c\,\lVert\theta - \bar\theta\rVert^2",
    r"\text{batch discrimination: } o_{ib} = \sum_{j \ne i} e^{-\lVert M_{ib} - M_{jb}\rVert_1}, "
    r"\quad M = hT",
    r"\text{unrolled: } L_G(\theta_G, \theta_D^{(k)}), \quad "
    r"\theta_D^{(i+1)} = \theta_D^{(i)} - \eta\,\nabla L_D(\theta_G, \theta_D^{(i)})",
    r"\min_x \max_y xy: \quad z_{k+1} = (I - hA)\,z_k, \quad |z_k| = (1 + h^2)^{k/2}\,|z_0|",
    r"\text{rotation: } c_l = \frac{\sum_k v_k \cdot v_{k+l}}"
    r"{\sqrt{\sum_k |v_k|^2 \sum_k |v_{k+l}|^2}}, \quad "
    r"\text{of } xy \text{: } c_l = \cos(l \arctan h)",
    r"\text{interval (Wilson): } \Big|\pi - \tfrac{k}{n}\Big| \le "
    r"1.96\sqrt{\tfrac{\pi(1 - \pi)}{n}}",
]
SYMBOLS: dict[str, str] = {
    "D, G": "the judge and the generator",
    "a, b": "the judge's number for a real and for a made-up point",
    "p, q": "density of real and of made-up points",
    r"\hat x": "a random place between a real and a made-up point",
    "h(x)": "the judge's last hidden layer",
    r"\theta, \bar\theta": "a player's weights, and the mean of all it ever had",
    r"\gamma, \lambda, c": "weights of penalties",
    r"\eta, h": "size of a step",
    "T, M": "learnt tensor, and what it makes of the features",
    r"A": r"$\begin{pmatrix}0 & 1\\-1 & 0\end{pmatrix}$",
    "v_k, l": "the mean arrow at the generator's points in round k, and how many rounds later",
    r"k, n, \pi": "seeds that worked, all seeds, and the true rate",
}
SOURCES: tuple[tuple[str, str], ...] = (
    ("Salimans et al. (2016), Improved Techniques for Training GANs (feature matching, historical "
     "averaging, minibatch discrimination)", "https://arxiv.org/abs/1606.03498"),
    ("Arjovsky and Bottou (2017), Towards Principled Methods for Training GANs",
     "https://arxiv.org/abs/1701.04862"),
    ("Gulrajani et al. (2017), Improved Training of Wasserstein GANs",
     "https://arxiv.org/abs/1704.00028"),
    ("Mescheder et al. (2018), Which Training Methods for GANs do actually Converge? (R1)",
     "https://arxiv.org/abs/1801.04406"),
    ("Miyato et al. (2018), Spectral Normalization", "https://arxiv.org/abs/1802.05957"),
    ("Huang et al. (2024), The GAN is dead; long live the GAN! (relativistic, R1 and R2)",
     "https://arxiv.org/abs/2501.05441"),
    ("Heusel et al. (2017), Two Time-Scale Update Rule", "https://arxiv.org/abs/1706.08500"),
    ("Karras et al. (2018), Progressive Growing of GANs (batch deviation)",
     "https://arxiv.org/abs/1710.10196"),
    ("Lin et al. (2018), PacGAN (packing)", "https://arxiv.org/abs/1712.04086"),
    ("Metz et al. (2017), Unrolled GANs", "https://arxiv.org/abs/1611.02163"),
    ("Yazıcı et al. (2018), The Unusual Effectiveness of Averaging in GAN Training",
     "https://arxiv.org/abs/1806.04498"),
    ("Gidel et al. (2019), A Variational Inequality Perspective on GANs (extragradient)",
     "https://arxiv.org/abs/1802.10551"),
    ("Mescheder et al. (2017), The Numerics of GANs (rotation: eigenvalues off the real line)",
     "https://arxiv.org/abs/1705.10461"),
    ("Berard et al. (2020), A Closer Look at the Optimization Landscapes of GANs (rotation, "
     "measured)", "https://arxiv.org/abs/1906.04848"),
    ("Wilson (1927), Probable inference", "https://doi.org/10.1080/01621459.1927.10502953"),
)  # fmt: skip
