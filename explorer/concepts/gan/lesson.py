"""What the page says and offers, as plain data: presets, labels, formulas, sources."""

from typing import Any

from explorer.concepts.gan.config import IMAGE_SETS, REGULARISERS
from explorer.concepts.gan.density import SIGHT
from explorer.concepts.gan.losses import LOSSES
from explorer.data.plane import DATASETS

DATA: tuple[str, ...] = (*DATASETS, *IMAGE_SETS)
GAMES: dict[str, str] = {name: loss.label for name, loss in LOSSES.items()}
LEASHES: dict[str, str] = dict(REGULARISERS)
STARTS: dict[str, str] = {str(tenth): f"{10 * tenth} %" for tenth in range(10)}


def _settings(**others: Any) -> dict[str, Any]:
    usual = {
        "dataset": "ring", "loss": "nonsaturating", "regulariser": "r1",
        "gamma": 0.2, "d_updates": 1, "rate": 6e-3, "d_rate": 1.5, "fade": True, "beta1": 0.5,
        "hidden": 64, "fourier": 0, "zoom": 1.0, "average": True, "steps": 5000,
    }  # fmt: skip
    return usual | others


_BARE = {"regulariser": "none", "rate": 1e-3, "d_rate": 1.0, "fade": False, "average": False}
_WAVES = {"fourier": 16, "steps": 2500}
# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "works": (
        _settings(),
        "A leash on the judge's slope, rates that fade, averaged weights: all eight modes in "
        "seconds, with every seed tried.",
        True,
    ),
    "digits": (
        _settings(dataset="digits"),
        "The same game and the same settings, with images of 64 pixels instead of points.",
        True,
    ),
    "collapses": (
        _settings(**_BARE, **_WAVES),
        "The judge sees fine waves, so its slope changes sign from place to place: points are "
        "caught on the nearest modes and never told of the others.",
        False,
    ),
    "collapse cured": (
        _settings(**_BARE | {"regulariser": "r1r2"}, **_WAVES, loss="relativistic", gamma=1.0),
        "The same judge and seed. Real and made-up points are judged in pairs, and both "
        "penalties keep the slope smooth: the modes are found again.",
        True,
    ),
    "slope vanishes": (
        _settings(**_BARE | {"d_rate": 5.0}, loss="minimax", d_updates=5, zoom=3.0, hidden=8,
                  steps=1200),
        "Five strong updates of the judge to one of a small generator. Where it is sure, the "
        "minimax loss is flat: the arrows disappear and nothing moves.",
        False,
    ),
    "runs in circles": (
        _settings(**_BARE | {"rate": 0.01}, beta1=0.9, steps=2500),
        "Large steps with long memory: each player overruns the other's answer, and the points "
        "are thrown from side to side for ever.",
        False,
    ),
}  # fmt: skip

# What each question offers: (answer, whether it is right, why).
CHOICES: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "teacher": (
        (
            "real points near its own",
            False,
            "It is never shown one, not even as a distance. Everything passes through the judge.",
        ),
        (
            "the judge's slope",
            True,
            "Taken at its own points: those are the arrows. They say which way a point would look "
            "more real, and no more.",
        ),
        (
            "which of its points passed",
            False,
            "Keeping the winners would be evolution. Here every point is told a direction, also "
            "the accepted ones.",
        ),
    ),
    "end": (
        (
            "near zero",
            False,
            "That would be a judge that always finds the generator out: training has failed.",
        ),
        (
            "as high as guessing",
            True,
            "If nothing can be told apart, guessing is all that is left: the grey line. A loss "
            "says who is winning, not how good the points are.",
        ),
        (
            "it falls for ever",
            False,
            "That is how other networks learn. Here the other player moves the target.",
        ),
    ),
    "rest": (
        (
            "yes",
            False,
            "This judge cannot. The dashed curve is the best judge for the same points, and it "
            "lies lower: there still is something to be told.",
        ),
        (
            "no, a better judge could tell",
            True,
            "The dashed curve lies below the judge's, although it belongs to points blurred by "
            f"{SIGHT:g}: sharp eyes would tell even more. The third view shows where.",
        ),
        (
            "no, the generator gave up",
            False,
            "It does move while its loss stands still, as long as the judge has a slope.",
        ),
    ),
    "missing": (
        (
            "yes, gaps cost it",
            False,
            "Its loss asks one thing of each point by itself: does it look real? A gap belongs to "
            "no point. Try the preset that collapses.",
        ),
        (
            "only where a slope leads there",
            True,
            "A place that is never visited looks very real to a smooth judge, which calls points "
            "over. A judge with a rough slope holds them where they are.",
        ),
        (
            "yes, it compares its points",
            False,
            "It never compares its points with each other. Some cures let the judge do that.",
        ),
    ),
}

HELP: dict[str, str] = {
    "loss": "What the players play for. All but the last but one share their best judge; they "
    "differ in how steep it is where points are found out.",
    "regulariser": "A leash for the judge. R1 keeps it flat on real points, R2 on made-up ones, "
    "spectral norm everywhere. With the Wasserstein loss, R1 and R2 become its gradient penalty.",
    "d_updates": "Updates of the judge to one of the generator. More make it sharper, and the "
    "run slower.",
    "rate": "Size of the generator's steps. Too large, and both run in circles.",
    "gamma": "How short the leash is. 0 is none; large values make a judge without opinion.",
    "d_rate": "The judge's step, as a multiple of the generator's.",
    "fade": "Both steps shrink to zero along a cosine, so that the game comes to rest.",
    "beta1": "How long Adam keeps going in its old direction. Long memory makes circles.",
    "average": "Show the mean of the last weights. It calms what still swings.",
    "hidden": "Neurons in each of the generator's two layers.",
    "d_hidden": "Neurons in each of the judge's two layers.",
    "batch": "Real and made-up points in each update.",
    "z": "Random numbers that a point is made of; 0 suits the data (2, and 16 for images).",
    "fourier": "Waves of the point that the judge sees beside it. It then notices fine detail, "
    "and its slope becomes rough.",
    "zoom": "Magnifies what the judge sees: sharper, and sooner sure.",
    "lazy": "Updates from one payment of the penalty to the next; it is paid in full then.",
    "start": "Where in the run slow motion begins.",
    "sure": "Plays this game from nine seeds at once, yours first. It takes several times as long "
    "as one run.",
}

TEXTS: dict[str, str] = {
    "run": """
        A :orange[**generator**] bends noise into points. A :violet[**judge**] learns to tell them
        from :blue[**real**] ones: orange ground looks made up to it, blue looks real, pale could
        be either. The generator never sees the data. Each arrow says in which direction the
        judge would find that point more real.
    """,
    "wait": "Slow motion begins as soon as the run is over.",
    "slow": """
        **One update at a time**, two frames each. The :violet[**judge**] looks at a batch, then
        its belief shifts. Now the :orange[**generator**] is told the slope at each of its points,
        and takes its step. Each answers where the other stood, not where it is going: so they
        can run in circles.
    """,
    "sure": """
        **Was it luck?** The same settings from nine seeds, trained as one batch; the first square
        is your own run. What one seed shows may be chance.
    """,
    "digits": """
        The same game in 64 dimensions: a :orange[**generator**] turns 16 random numbers into 64
        pixels. Instead of arrows, every image gets a picture of what the :violet[**judge**] wants
        changed. No density is known here, so no best judge: the nearest :blue[**real**] image
        shows whether anything was copied.
    """,
    "copied": """
        **New or copied?** Beside each image stands the real one that is most like it ("What it
        makes"). Copies would be nearer to it than unseen real images are. The interval of that
        number is what unseen real images score.
    """,
    "numbers": """
        **What judges the run is not the judge.** The distance compares made-up with real points,
        and its interval is what as many real points score. The losses say who is winning: both
        stand still while the points go on improving.
    """,
    "best": f"""
        **The best judge.** Whatever the generator does, the best answer is p / (p + q). The
        density p is known. How densely the generator makes points, q, is found by carrying a fine
        lattice of noise through it, not by sampling. A picture has limited sight, so both are
        blurred by {SIGHT:g}.
    """,
}


def formulas(loss: str) -> list[str]:
    """The formulas of the game that is played."""
    chosen = LOSSES[loss]
    penalties = (
        r"R_1 = \tfrac{\gamma}{2}\,\mathbb{E}_{x \sim p}\lVert\nabla D(x)\rVert^2, \qquad "
        r"R_2 = \tfrac{\gamma}{2}\,\mathbb{E}_{x \sim q}\lVert\nabla D(x)\rVert^2"
    )
    density = (
        r"q(x) = \int \delta\big(x - G(z)\big)\,\varphi(z)\,dz \approx "
        r"\sum_k w_k\,\mathcal{N}\big(x;\,G(z_k),\,h^2 I\big)"
    )
    return [*chosen.formula, chosen.best_formula, penalties, density]


SYMBOLS: dict[str, str] = {
    "G, D": "the generator and the judge (discriminator)",
    "z": r"noise from a normal distribution with density $\varphi$",
    "a, b": "the judge's number for a real point, $a = D(x)$, and a made-up one, $b = D(G(z))$",
    "L_D, L_G": "what the judge and the generator each make as small as they can",
    "p, q": "density of real and of made-up points",
    r"\sigma": "turns a number into a probability, $1 / (1 + e^{-a})$",
    "D^*": "the best judge there is for this $p$ and $q$",
    r"\nabla D": "slope of the judge: the way in which a point would look more real",
    r"\gamma, \lambda": "weight of a penalty",
    r"\hat x": "a random place between a real and a made-up point",
    "w_k, h": "share of the noise that a knot of the lattice stands for; blur of the picture",
    r"\mathbb{E}": "average over a batch",
}
SOURCES: tuple[tuple[str, str], ...] = (
    (
        "Goodfellow et al. (2014), Generative Adversarial Nets",
        "https://arxiv.org/abs/1406.2661",
    ),
    ("Arjovsky et al. (2017), Wasserstein GAN", "https://arxiv.org/abs/1701.07875"),
    (
        "Gulrajani et al. (2017), Improved Training of Wasserstein GANs",
        "https://arxiv.org/abs/1704.00028",
    ),
    ("Mao et al. (2017), Least Squares GAN", "https://arxiv.org/abs/1611.04076"),
    ("Lim and Ye (2017), Geometric GAN (hinge loss)", "https://arxiv.org/abs/1705.02894"),
    (
        "Mescheder et al. (2018), Which Training Methods for GANs do actually Converge? (R1)",
        "https://arxiv.org/abs/1801.04406",
    ),
    ("Miyato et al. (2018), Spectral Normalization", "https://arxiv.org/abs/1802.05957"),
    (
        "Jolicoeur-Martineau (2018), The relativistic discriminator",
        "https://arxiv.org/abs/1807.00734",
    ),
    (
        "Huang et al. (2024), The GAN is dead; long live the GAN! (R3GAN)",
        "https://arxiv.org/abs/2501.05441",
    ),
    (
        "Heusel et al. (2017), GANs Trained by a Two Time-Scale Update Rule (Fréchet distance)",
        "https://arxiv.org/abs/1706.08500",
    ),
    (
        "Yazıcı et al. (2018), The Unusual Effectiveness of Averaging in GAN Training",
        "https://arxiv.org/abs/1806.04498",
    ),
    (
        "Karras et al. (2020), StyleGAN2 (lazy regularisation)",
        "https://arxiv.org/abs/1912.04958",
    ),
    ("Kahng et al. (2018), GAN Lab", "https://arxiv.org/abs/1809.01587"),
)
