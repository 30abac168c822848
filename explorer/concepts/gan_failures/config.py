"""The failures, each a game that goes wrong, and the cures, each one change of its rules."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from explorer.concepts import gan
from explorer.concepts.gan_failures.game import Rules
from explorer.config import one_of, whole
from explorer.data import plane

DATA: tuple[str, ...] = tuple(name for name in plane.DATASETS if plane.get(name).modes is not None)
NONE = "none"


def _game(**others: Any) -> gan.Config:
    """Small players with nothing to hold them: no leash, no fading steps, no average."""
    usual: dict[str, Any] = {
        "regulariser": "none", "hidden": 32, "d_hidden": 32, "batch": 128, "learning_rate": 1e-3,
        "d_rate": 1.0, "fade": False, "keep": 0.0, "steps": 2000,
    }  # fmt: skip
    return gan.Config(**usual | others)


# What works on the page about GANs, with the loss that worked best.
_BEST: dict[str, Any] = {
    "regulariser": "r1r2", "gamma": 0.2, "loss": "relativistic", "learning_rate": 6e-3,
    "d_rate": 1.5, "fade": True, "keep": 0.999,
}  # fmt: skip

FAILURES: dict[str, Rules] = {
    "collapse": Rules(_game(fourier=24, zoom=3.0)),
    "vanish": Rules(_game(loss="minimax", d_updates=5, d_rate=5.0, zoom=3.0, hidden=8, steps=1500)),
    "circles": Rules(_game(learning_rate=0.01, beta1=0.9)),
    "early": Rules(_game(d_updates=4, d_rate=5.0, zoom=5.0)),
    "forget": Rules(_game(d_rate=0.1, beta1=0.9)),
    "copies": Rules(_game(fourier=8, **_BEST), shots=16),
}
FAILURE_NAMES: dict[str, str] = {
    "collapse": "mode collapse",
    "vanish": "vanishing slope",
    "circles": "oscillation",
    "early": "judge wins early",
    "forget": "forgets modes",
    "copies": "copies its data",
}
Change = Callable[[Rules], Rules]


def _played(**others: Any) -> Change:
    """A cure that changes the game itself."""
    return lambda rules: replace(rules, game=replace(rules.game, **others))


def _slower(rules: Rules) -> Rules:
    """Two time scales: the forger a quarter as fast as the faster of the two, the judge as fast."""
    fast = rules.game.learning_rate * max(1.0, rules.game.d_rate)
    return replace(rules, game=replace(rules.game, learning_rate=fast / 4, d_rate=4.0))


def _calm(rules: Rules) -> Rules:
    """Small steps of one size, with short memory."""
    return replace(
        rules, game=replace(rules.game, learning_rate=1e-3, d_rate=1.0, beta1=0.5, d_updates=1)
    )


CURES: dict[str, Change] = {
    NONE: lambda rules: rules,
    "nonsaturating": _played(loss="nonsaturating"),
    "r1": _played(regulariser="r1", gamma=1.0),
    "r2": _played(regulariser="r2", gamma=1.0),
    "relativistic": _played(loss="relativistic"),
    "r3": _played(loss="relativistic", regulariser="r1r2", gamma=1.0),
    "together": _played(**_BEST | {"d_updates": 1, "hidden": 32, "beta1": 0.5}),
    "gp": _played(loss="wasserstein", regulariser="r1", gamma=1.0),
    "spectral": lambda rules: replace(rules, spectral=True),
    "scales": _slower,
    "calm": _calm,
    "average": _played(keep=0.999),
    "matching": lambda rules: replace(rules, matching=True),
    "history": lambda rules: replace(rules, history=0.1),
    "deviation": lambda rules: replace(rules, crowd="deviation"),
    "discrimination": lambda rules: replace(rules, crowd="discrimination"),
    "packing": lambda rules: replace(rules, pack=4),
    "unrolled": lambda rules: replace(rules, unroll=5),
    "data": lambda rules: replace(rules, shots=0),
}


CURE_NAMES: dict[str, str] = {
    NONE: "no cure",
    "nonsaturating": "non-saturating loss",
    "r1": "R1",
    "r2": "R2",
    "relativistic": "relativistic pairs",
    "r3": "relativistic, R1 and R2",
    "together": "all that helps",
    "gp": "Wasserstein, penalty",
    "spectral": "spectral norm",
    "scales": "two time scales",
    "calm": "small equal steps",
    "average": "weight averaging",
    "matching": "feature matching",
    "history": "historical averaging",
    "deviation": "batch deviation",
    "discrimination": "batch discrimination",
    "packing": "packing",
    "unrolled": "unrolled judge",
    "data": "endless data",
}


def possible(failure: str, cure: str) -> bool:
    """Whether a cure changes anything there, and can be combined with what is there already."""
    return treated(failure, cure) is not None


def treated(failure: str, cure: str) -> Rules | None:
    """The failing game with the cure; None where it cannot be applied or is in force already."""
    before = FAILURES[failure]
    if failure == "copies" and cure in ("relativistic", "r1", "r2", "r3", "together"):
        return None  # it is the last of these already, with the weight that suits it
    if cure in ("deviation", "discrimination") and before.game.penalty != "none":
        return None
    after = CURES[cure](before)
    return after if after != before or cure == NONE else None


@dataclass(frozen=True)
class Config:
    """One failure and one cure, from one seed on."""

    dataset: str = "ring"
    failure: str = "collapse"
    cure: str = NONE
    steps: int = 2000
    seed: int = 0

    def __post_init__(self) -> None:
        one_of(self, "dataset", DATA)
        one_of(self, "failure", FAILURES)
        one_of(self, "cure", CURES)
        whole(self, "steps", 1, 20_000)
        whole(self, "seed", 0, 2**31 - 1)

    def rules(self, cure: str | None = None) -> Rules:
        """The game with this cure (None: its own); where it cannot be applied, the failing one."""
        found = treated(self.failure, self.cure if cure is None else cure) or FAILURES[self.failure]
        return replace(found, game=replace(found.game, dataset=self.dataset, steps=self.steps))
