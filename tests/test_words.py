"""The field's words: what a visitor reads and what the code calls things is what a textbook says.

A concept joins by its name in DONE (tests/contract.py); what they have in common is held as well.
One alone: `pytest tests/test_words.py -k gan`. A word that is meant stands in EXCEPTIONS, with its
reason.
"""

import ast
import re
from dataclasses import fields, is_dataclass
from functools import cache
from types import SimpleNamespace

import pytest

from explorer import prose
from explorer.experiment import parameters
from tests.contract import CONCEPTS, DONE, drawn, experiments, name_of, run
from tests.test_architecture import ROOT, tree

# What a visitor must not read: whole words or phrases (regular expressions), and what to say.
TEXTS = {
    "(?<!to )(?<!not )judge|judge's|belief|beliefs|verdicts?": "discriminator, D(x)",
    "forgers?|forger's|forged": "generator, generated",
    "made[- ]up|makes up|making up|make up": "generated, samples; generative",
    "leash": "regulariser, penalty weight",
    "slopes?": "gradient, derivative",
    "pull|push": "gradient",
    "neurons": "hidden units",
    "lazy(?! regularisation| =)": "lazy regularisation interval",
    "numbers of noise|memory of Adam": "latent dimension; Adam β₁",
    "tells apart|telling apart": "discriminative",
    "whole game|wins early|runs in circles|copies its data": "overview, overpowers, oscillation",
    "cures?|cured": "remedy",
    "two time scales|batch deviation|crowds?|small equal steps": "TTUR, minibatch ...",
    "guess|guesses|guessed": "prediction, denoised estimate",
    "strengths?": "noise level σ; severity; weight",
    "ladders?|rungs?": "noise schedule, step; scale",
    "destroys?": "forward process",
    "rebuilt|rebuilds?|rebuilding": "reconstruction",
    "no code at all|size of the code|add to a code": "latent code, latent dimension",
    "(?<!random )walks?": "interpolation",
    "bends?|bent|bending": "transform",
    "glides?": "trajectory of the ODE",
    "by heart": "memorised, overfitted",
    "chances": "probabilities",
    "rules by hand": "hand-written rules",
    "looks one back|where does it look": "previous-token head, attention",
    "switch(es|ed)? off": "ablation, ablate",
    "waves": "Fourier features, sinusoidal positions",
    "exams?|all right|jury|yardsticks?|gauges?": "evaluation, exact match, reference",
    "spoilt|spoils?|spoiled|damaged?|alarms?|who notices|far-off": "corrupted, severity",
    "board|blobs|swirl|clothes|tiny digits": "checkerboard, Gaussians, spiral, Fashion-MNIST",
    "rounds|(a|each|every|per|one) round": "training step",
    "on target|off the data": "high-quality samples, outside the data's support",
    "(?<!noise )floors?": "noise floor",
}
# Parts of identifiers: `judge_update` has the part `judge`.
PARTS = {
    "judge judges belief beliefs verdict verdicts opinion opinions": "discriminator, logits",
    "forger forgers forged made": "generator, generated, samples",
    "leash slope slopes pull pulls push": "penalty, gradient",
    "fade fades zoom": "lr_decay, input_scale",
    "guess guesses think thinks": "denoised, predict, forward",
    "told said ways": "values, message, text; directions, modes",
    "look looks glance moment film films": "evaluate, record, checkpoint, few_step, recording",
    "warmth drop": "temperature, dropout",
    "rung rungs ladder strength strengths": "step, noise_schedule, noise_level, severity",
    "yardstick gauge exam jury": "reference, evaluation",
    "slow walk walks glide glides bend bends bent": "step_by_step, interpolation, transform",
    "cure cures crowd spoil spoilt damage alarm": "remedy, minibatch, corrupt, corruption",
    "rebuild rebuilt rebuilding": "reconstruction",
    "swirl blobs clothes board chances heart neurons": "spiral, gaussians, fashion, probabilities",
}
# Whole identifiers.
WHOLE = {
    "rate": "learning_rate",
    "z latent codes code z_size code_size": "latent_dim; latent_code, z as an array in a formula",
    "keep": "ema_decay",
    "lazy": "penalty_interval",
    "marks": "scores",
    "round rounds": "step, update",
}
# Inside a function z is the symbol of the formula, and marks are those of explorer/scene.py.
LOCALS = {"z", "code", "codes", "marks"}
# As a label it says nothing, however fit it is inside a sentence.
LABELS = (
    "average, fade, keep, zoom, lazy, waves, learn, make, destroy, place, counting, splines, "
    "bridge, stretches, code, numbers, updates, round, marks, opinions, chances, memory, strength"
)

# (concept, word): why it is meant. Everywhere: "*".
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("*", "marks"): "the marks of a picture: explorer/scene.py",
    ("*", "rate"): "of an optimiser: explorer/optim.py",
    ("common", "slope"): "the negative slope of a leaky ReLU",
    ("common", "board"): "the class board",
    ("common", "code"): "of a classroom, which its students type",
    ("common", "waves"): "the name of an icon",
    ("common", "zoom"): "plotly's scrollZoom",
    ("ethics", "z"): "the statistic of a test, in standard deviations",
}

# What is no sentence of ours: the question of a page may be in plain words, a title is as printed,
# the key of a help text is held to be an identifier.
QUOTED = re.compile(r"^question = .*|^- \[[^\]]{3,}\]\(.*|^## Help: \w+ =")
CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
FORBIDDEN = {
    re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE): better
    for pattern, better in TEXTS.items()
}
PART = {word: better for words, better in PARTS.items() for word in words.split()}
FULL = {word: better for words, better in WHOLE.items() for word in words.split()}
done = [concept for concept in CONCEPTS if name_of(concept) in DONE]
every_concept = pytest.mark.parametrize("concept", done, ids=map(name_of, done))
COMMON = SimpleNamespace(__name__="explorer.common")  # whatever is no concept's own


def meant(concept, word):
    return (name_of(concept), word.lower()) in EXCEPTIONS or ("*", word.lower()) in EXCEPTIONS


def in_text(concept, text):
    """What is wrong with the words of a text."""
    for pattern, better in FORBIDDEN.items():
        for found in pattern.finditer(text):
            if not meant(concept, found[0]):
                yield f"{found[0]!r} ({better}) in {text[max(0, found.start() - 40) :][:100]!r}"


def in_name(concept, name, local=False):
    """What is wrong with an identifier."""
    words = {
        word.lower(): PART[word.lower()] for word in CAMEL.findall(name) if word.lower() in PART
    }
    if name in FULL and not (local and name in LOCALS):
        words[name] = FULL[name]
    for word, better in words.items():
        if not meant(concept, word):
            yield f"{name}: {word} ({better})"


def sources(concept):
    """The files of a concept and the script of its page."""
    name = name_of(concept)
    if concept is COMMON:
        own = [ROOT / "explorer" / "concepts" / name_of(each) for each in CONCEPTS]
        every = sorted((ROOT / "explorer").rglob("*.py"))
        return [path for path in every if not any(path.is_relative_to(each) for each in own)]
    return [*sorted((ROOT / "explorer/concepts" / name).glob("*.py")), ROOT / f"pages/{name}.py"]


def defined(path):
    """(line, name, local) of every name that a file gives."""
    local = {
        id(node)
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if node is not function
    }
    for node in ast.walk(tree(path)):
        inside = id(node) in local
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name, False
            case ast.arg(arg=name):
                yield node.lineno, name, inside
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name, inside and isinstance(node, ast.Name)
            case ast.alias(asname=str(name)):
                yield 0, name, False


def texts(path):
    """(line, text) of every string of a file that is no docstring."""
    bare = {id(n.value) for n in ast.walk(tree(path)) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.lineno, node.value


@pytest.mark.parametrize("concept", [*done, COMMON], ids=name_of)
def test_identifiers_are_the_fields_words(concept):
    wrong = []
    for path in sources(concept):
        wrong += [f"{path.name}: {each}" for each in in_name(concept, path.stem)]
        for line, name, local in defined(path):
            wrong += [f"{path.name}:{line}: {each}" for each in in_name(concept, name, local)]
    assert not wrong, "\n".join(["", *sorted(set(wrong))])


@every_concept
def test_links_are_written_in_the_fields_words(concept):
    wrong = []
    names = parameters(experiments(concept))
    for name in {*names.values(), *experiments(concept)}:
        wrong += [f"link: {each}" for each in in_name(concept, name)]
    assert not wrong, "\n".join(["", *sorted(set(wrong))])


@pytest.mark.parametrize("concept", [*done, COMMON], ids=name_of)
def test_strings_are_the_fields_words(concept):
    wrong = []
    for path in sources(concept):
        for line, text in texts(path):
            found = [*in_text(concept, text)]
            found += in_name(concept, text, local=True) if text.isidentifier() else []
            wrong += [f"{path.name}:{line}: {each}" for each in found]
    assert not wrong, "\n".join(["", *wrong])


@cache
def page(concept):
    return prose.load(ROOT / "explorer" / "concepts" / name_of(concept) / "page.md")


@every_concept
def test_the_page_is_written_in_the_fields_words(concept):
    wrong = []
    for number, line in enumerate(page(concept).path.read_text(encoding="utf-8").splitlines(), 1):
        wrong += [f"page.md:{number}: {each}" for each in in_text(concept, QUOTED.sub("", line))]
    labels = {*page(concept).presets, *(said.label for said in page(concept).help.values())}
    for experiment in experiments(concept).values():
        labels |= {experiment.label, *experiment.views_of(experiment.usual()).values()}
    wrong += [f"label {label!r}" for label in labels if label.lower() in LABELS.split(", ")]
    assert not wrong, "\n".join(["", *wrong])


def words_of(value):
    """Every text inside a record, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from words_of(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from words_of(list(value.items()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from words_of(item)


@every_concept
def test_every_scene_speaks_in_the_fields_words(concept):
    wrong = set()
    for key in experiments(concept):
        for snapshot in (run(concept, key)[0][0], run(concept, key)[0][-1]):
            for view, scene in drawn(concept, key, snapshot):
                for text in words_of(scene):
                    wrong |= {f"{key}, {view}: {each}" for each in in_text(concept, text)}
    assert not wrong, "\n".join(["", *sorted(wrong)])
