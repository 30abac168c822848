"""The table of contents: the only place that knows which pages there are, and in what order.

Navigation, previous and next, the map on the home page and the tests all read it. A new
concept is one entry here, one file in `pages/` and one in `concepts/`.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = "Generative Explorer"


@dataclass(frozen=True)
class Entry:
    """One page: `pages/<name>.py`."""

    name: str
    title: str
    question: str  # the one the page answers
    section: str  # of the navigation
    icon: str  # a Material symbol, bundled with Streamlit
    line: str  # what one can do there, for the map

    @property
    def file(self) -> Path:
        """The page's script."""
        return ROOT / "pages" / f"{self.name}.py"

    @property
    def path(self) -> str:
        """The page's script for `st.page_link` and `st.switch_page`, wherever the app starts."""
        return str(self.file)


CONTENTS: tuple[Entry, ...] = (
    Entry(
        "home",
        "Home",
        "What can machines create?",
        "",
        ":material/home:",
        "The map of all concepts.",
    ),
    Entry(
        "decision_boundaries",
        "Decision boundaries",
        "Telling apart or making up?",
        "Learning what is there",
        ":material/call_split:",
        "Models that only tell classes apart, and models that can make new points as well.",
    ),
    Entry(
        "latent_space",
        "Latent space",
        "What lies between two images?",
        "Learning what is there",
        ":material/blur_circular:",
        "Train an autoencoder, move through its map, and walk from one image to another.",
    ),
    Entry(
        "gan",
        "Adversarial networks",
        "How can a network learn to imitate data it never sees?",
        "Making something new",
        ":material/compare_arrows:",
        "Watch a forger and a judge train each other, one update at a time if you like.",
    ),
    Entry(
        "gan_failures",
        "Failures and cures",
        "Why is it so hard to train?",
        "Making something new",
        ":material/healing:",
        "Reproduce every famous failure, apply a cure, and see how often each one works.",
    ),
    Entry(
        "diffusion",
        "Diffusion",
        "How can removing noise create something?",
        "Making something new",
        ":material/grain:",
        "Dissolve data in noise, learn the way back, and finish your own drawing.",
    ),
    Entry(
        "flows",
        "Flows",
        "Can a network bend space without tearing it?",
        "Making something new",
        ":material/waves:",
        "Bend data into noise layer by layer, there and back, and read off every density.",
    ),
    Entry(
        "text",
        "Text",
        "How do you write one letter at a time?",
        "Words",
        ":material/text_fields:",
        "Rules, counts, an LSTM and a transformer guess the next letter, and go on from your own.",
    ),
    Entry(
        "transformer",
        "Transformer",
        "Where does it look?",
        "Words",
        ":material/center_focus_strong:",
        "Watch attention find what it needs, head by head, and take the machine apart.",
    ),
    Entry(
        "arena",
        "Arena",
        "Which model when?",
        "Judging",
        ":material/trophy:",
        "All families learn the same data with the same budget, and sit the same exam.",
    ),
    Entry(
        "metrics",
        "Metrics",
        "How do you mark creativity?",
        "Judging",
        ":material/straighten:",
        "Spoil a perfect set of pictures or sentences: see which metric notices, which is blind.",
    ),
)


def entry(name: str) -> Entry:
    """The entry of a page; KeyError when there is none."""
    return {entry.name: entry for entry in CONTENTS}[name]


def neighbours(name: str) -> tuple[Entry | None, Entry | None]:
    """The pages before and after this one in the order of the curriculum."""
    at = CONTENTS.index(entry(name))
    before = CONTENTS[at - 1] if at > 0 else None
    after = CONTENTS[at + 1] if at + 1 < len(CONTENTS) else None
    return before, after


def sections() -> dict[str, list[Entry]]:
    """Entries by section of the navigation, in order."""
    found: dict[str, list[Entry]] = {}
    for each in CONTENTS:
        found.setdefault(each.section, []).append(each)
    return found
