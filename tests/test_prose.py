"""The words of a page: read from page.md, whole, and held to what the page uses."""

import ast
from pathlib import Path

import pytest

from explorer import prose
from explorer.experiment import parameters
from tests.contract import CONCEPTS, experiments, name_of

ROOT = Path(__file__).parents[1]
COMMON = prose.load(ROOT / "explorer" / "ui" / "common.md")
WRITTEN = [concept for concept in CONCEPTS if Path(concept.__file__).with_name("page.md").exists()]
every_page = pytest.mark.parametrize("concept", WRITTEN, ids=map(name_of, WRITTEN))
FRONT = '+++\ntitle = "T"\nquestion = "Q?"\nsummary = "S"\n{}+++\n'
GOOD = "- [x] yes\n\n  Because.\n- [ ] no\n\n  It is not\n  so.\n"


def words(concept):
    return prose.load(Path(concept.__file__).with_name("page.md"))


def texts_in(path):
    """Every string constant of a script."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def written(tmp_path, body, front=""):
    path = tmp_path / "page.md"
    path.write_text(FRONT.format(front) + body, encoding="utf-8")
    return path


def test_a_page_is_read_whole(tmp_path):
    body = f"""
## Introduction
What *it* is.

## Predict: Is it $x$: so?
{GOOD}
## Help: gamma = Penalty weight γ
What to expect.

## Text: run
Blurred by {{{{blur}}}}.

## Maths
Equal
$$a = b$$
A letter
$$c$$

## Maths: hinge
Another,
after it
$$d$$

## Symbols
- $a$: a letter
  of the alphabet

## Sources
- [Somebody (2014), *Title*: a_b](https://x.org/1_2)
"""
    front = '[presets."a b"]\nwhy = "So."\ngood = false\nset = { gamma = 0.5 }\n'
    page = prose.read(written(tmp_path, body, front))
    assert (page.title, page.question, page.summary) == ("T", "Q?", "S")
    assert page.presets == {"a b": prose.Preset("So.", {"gamma": 0.5}, False)}
    assert page.introduction == "What *it* is."
    yes, no = prose.Choice("yes", True, "Because."), prose.Choice("no", False, "It is not so.")
    assert page.questions == (prose.Question("Is it $x$: so?", (yes, no)),)
    assert page.help == {"gamma": prose.Help("Penalty weight γ", "What to expect.")}
    assert page.text("run", blur=0.2) == "Blurred by 0.2."
    first = prose.Formula("Equal", "a = b"), prose.Formula("A letter", "c")
    assert page.maths == {"": first, "hinge": (prose.Formula("Another, after it", "d"),)}
    assert page.symbols == {"a": "a letter of the alphabet"}
    assert page.sources == (("Somebody (2014), Title: a_b", "https://x.org/1_2"),)


@pytest.mark.parametrize(
    ("body", "line", "why"),
    [
        ("## Nonsense\nx", 6, "'Nonsense' must be one of"),
        ("\n## Text: a\nx\n## Text: a\ny", 9, "'a' stands here twice"),
        ("## Text: a\n\n## Text: b\ny", 6, "is empty"),
        ("## Help: gamma\nx", 6, "Help: field = label"),
        ("## Predict: q?\n- [ ] a\n\n  b\n", 6, "exactly one"),
        ("## Predict: q?\n- [x] a\n", 7, "with its reason"),
        ("## Maths\n$$a$$", 6, "a formula is its name"),
        ("## Maths\nA\n$$a$$\nB", 6, "a formula is its name"),
        ("## Symbols\n- x: a letter", 7, "a symbol is"),
        ("## Sources\n- Somebody (2014)", 7, "a source is"),
    ],
)
def test_what_cannot_be_read_is_named_with_file_and_line(tmp_path, body, line, why):
    path = written(tmp_path, body)
    with pytest.raises(ValueError, match=why) as caught:
        prose.read(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ("x = 1\n", "unknown in the front matter: x"),
        ("x = \n", "cannot be read"),
        ("[presets.a]\ngood = true\n", "must say why"),
        ('[presets.a]\nwhy = "b"\nsettings = {}\n', "unknown in the front matter: settings"),
    ],
)
def test_wrong_front_matter_is_named_with_its_file(tmp_path, front, why):
    path = written(tmp_path, "", front)
    with pytest.raises(ValueError, match=why) as caught:
        prose.read(path)
    assert str(path) in str(caught.value)


@every_page
def test_every_field_with_a_control_has_its_words_and_every_word_its_place(concept):
    page, code = words(concept), texts_in(ROOT / "pages" / f"{name_of(concept)}.py")
    names = parameters(experiments(concept))
    fields = {name for _, name in names} | set(names.values())
    drawn = {(key, name) for key, name in names if name in code}
    for key, name in drawn:
        known = {*page.help, *COMMON.help}
        assert {names[key, name], name} & known, f"## Help: {name} is missing"
    assert set(page.help) <= fields | code, f"unused: {set(page.help) - fields - code}"
    of_concept = set().union(*map(texts_in, Path(concept.__file__).parent.glob("*.py")))
    known = code | of_concept | set(experiments(concept))
    assert set(page.texts) <= known, f"unused: {set(page.texts) - known}"
    shared = Path(concept.__file__).parents[1] / "shared"
    keys = code | of_concept.union(*map(texts_in, shared.rglob("*.py"))) | set(names.values())
    assert set(page.maths) - {""} <= keys, f"unused: {set(page.maths) - keys}"


@every_page
def test_a_preset_sets_what_the_page_has_and_what_is_allowed(concept):
    page, code = words(concept), texts_in(ROOT / "pages" / f"{name_of(concept)}.py")
    names = parameters(experiments(concept))
    for name, preset in page.presets.items():
        views = {f"{key}_view" for key, each in experiments(concept).items() if each.views}
        assert set(preset.set) <= set(names.values()) | code | views, name
        for key, experiment in experiments(concept).items():
            own = {field: at for (of, field), at in names.items() if of == key}
            experiment.usual(**{f: preset.set[at] for f, at in own.items() if at in preset.set})


@every_page
def test_a_page_introduces_itself_asks_and_names_its_sources(concept):
    page = words(concept)
    assert 20 <= len(page.introduction.split()) <= 120
    assert len(page.questions) >= 4
    assert page.presets
    assert any(not preset.good for preset in page.presets.values())
    assert page.sources
    assert page.symbols
    for text in page.texts.values():
        assert len(text.split()) < 60, text
