"""The table of contents: the only place that knows which pages there are, and in what order.

Navigation, previous and next, the map on the home page and the tests all read it. A new
concept is one entry here, one file in `pages/` and one in `concepts/`.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from explorer.prose import Prose, load

HERE = Path(__file__).parents[1]
ROOT = HERE.parents[1]
NAME = "Generative Explorer"


@dataclass(frozen=True)
class Entry:
    """One page: `pages/<name>.py`, with its words in a `page.md`."""

    name: str
    section: str  # of the navigation
    icon: str  # a Material symbol, bundled with Streamlit

    @property
    def file(self) -> Path:
        """The page's script."""
        return ROOT / "pages" / f"{self.name}.py"

    @property
    def path(self) -> str:
        """The page's script for `st.page_link` and `st.switch_page`, wherever the app starts."""
        return str(self.file)

    @property
    def prose(self) -> Prose:
        """The words of the page."""
        return load(_words(self.name))

    @property
    def live(self) -> bool:
        """Whether something trains on the page: it is one of a concept."""
        return _words(self.name).parts[-3] == "concepts"

    @property
    def title(self) -> str:
        """The textbook's name of what the page is about."""
        return self.prose.title

    @property
    def short(self) -> str:
        """The title where there is little room."""
        return self.prose.short or self.title

    @property
    def question(self) -> str:
        """The question that the page answers."""
        return self.prose.question

    @property
    def line(self) -> str:
        """What one can do there, for the map."""
        return self.prose.summary

    @property
    def introduction(self) -> str:
        """What the page's model is, in a few sentences."""
        return self.prose.introduction


CONTENTS: tuple[Entry, ...] = (
    Entry("home", "", ":material/home:"),
    Entry("neural_networks", "Foundations", ":material/hub:"),
    Entry("decision_boundaries", "Foundations", ":material/call_split:"),
    Entry("latent_space", "Foundations", ":material/blur_circular:"),
    Entry("gan", "Generative models", ":material/compare_arrows:"),
    Entry("gan_failures", "Generative models", ":material/healing:"),
    Entry("diffusion", "Generative models", ":material/grain:"),
    Entry("flows", "Generative models", ":material/waves:"),
    Entry("text_to_image", "Generative models", ":material/brush:"),
    Entry("text", "Language", ":material/text_fields:"),
    Entry("transformer", "Language", ":material/center_focus_strong:"),
    Entry("music", "Language", ":material/music_note:"),
    Entry("arena", "Evaluation", ":material/trophy:"),
    Entry("metrics", "Evaluation", ":material/straighten:"),
    Entry("glossary", "Evaluation", ":material/dictionary:"),
    Entry("ethics", "Society", ":material/balance:"),
)


@lru_cache(maxsize=64)
def _words(name: str) -> Path:
    """The file with the words of a page; looked for once, as every run of a page asks."""
    concept = ROOT / "explorer" / "concepts" / name / "page.md"
    return concept if concept.exists() else HERE / name / "page.md"


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
