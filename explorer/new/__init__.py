"""Lay a new concept: `python -m explorer.new music "Music models" "Can taste be taught?"`.

Writes the folder with all the files of the floor plan, the page, the entry in the table of contents
and the tests. The new concept runs at once: it fits one Gaussian. Everything that has to be written
for it is marked WRITE; tests fail until no mark is left.
"""

import re
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).with_name("template")
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
LAST = '    Entry("glossary"'  # a new page comes before it


def lay(root: Path, name: str, title: str, question: str) -> list[Path]:
    """Write the files of a new concept under `root`; ValueError if it cannot have this name.

    Returns what was written or changed.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"name must be small letters, digits and _. Got {name!r} instead.")
    if not title.strip() or not question.strip().endswith("?"):
        raise ValueError(f"title must be words and question end with ?. Got {question!r} instead.")
    folder = root / "explorer" / "concepts" / name
    if folder.exists():
        raise ValueError(f"name must be new: {folder} is there. Got {name!r} instead.")
    words = {"name": name, "title": title.strip(), "question": question.strip()}
    written = []
    for template in sorted(TEMPLATES.glob("*.txt")):
        file = template.name.removesuffix(".txt")
        path = {
            "page.py": root / "pages" / f"{name}.py",
            "test_train.py": root / "tests" / "concepts" / name / file,
        }.get(file, folder / file)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = Template(template.read_text(encoding="utf-8")).substitute(words)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    contents = root / "explorer" / "ui" / "home" / "contents.py"
    text = contents.read_text(encoding="utf-8")
    entry = f'    Entry("{name}", "Generative models", ":material/star:"),\n'
    contents.write_text(text.replace(LAST, entry + LAST, 1), encoding="utf-8")
    return [*written, contents]
