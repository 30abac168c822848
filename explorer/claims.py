"""Claims: what a run shows, as a comparison of its measurements, and in how many seeds it is so.

Beside its words in `page.md`, in a preset or in a block of a prediction:

    set = { stage = "reverse", reverse_steps = 1 }     parameters of the link
    claim = "distance >= 10 * other.distance"          measures of the finished run, and numbers
    against = { reverse_steps = 20 }                   changes of the second run, called `other`
    rate = 0.9                                         in what share of seeds, at least
    experiment = "reverse"                             whose run; what `stage` says, or "train"

The measures of an experiment are functions of its finished run, by name (`Experiment.measures`).
A claim without measures is mathematics: `claim = "log(10) < 2.31"`, computed as it stands.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

FIELDS = {"claim", "rate", "experiment", "set", "against", "says"}
OTHER = "other"
Measured = Mapping[str, float]

ARITHMETIC: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: a / b if b else math.nan,
}
COMPARISONS: Mapping[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
}
FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "abs": abs, "sqrt": math.sqrt, "log": math.log, "exp": math.exp, "min": min, "max": max,
}  # fmt: skip
SIGNS = {"<=": "≤", ">=": "≥", "==": "=", " * ": " × ", "_": " ", f"{OTHER}.": "the other's "}


@dataclass(frozen=True)
class Claim:
    """A comparison that is true of the runs with these settings, in `rate` of all seeds or more.

    ValueError says what is wrong with it.
    """

    test: str
    rate: float = 0.9
    experiment: str = "train"
    set: Mapping[str, Any] = field(default_factory=dict)
    against: Mapping[str, Any] = field(default_factory=dict)
    says: str = ""  # the sentence that it belongs to, if that is neither preset nor prediction

    def __post_init__(self) -> None:
        if not isinstance(self.test, str) or not isinstance(self.tree, ast.Compare | ast.BoolOp):
            raise ValueError(f"claim must be a comparison. Got {self.test!r} instead.")
        if not isinstance(self.rate, int | float) or not 0.5 <= self.rate <= 1:
            raise ValueError(f"rate must be between 0.5 and 1. Got {self.rate!r} instead.")
        self._known(self.tree)
        if bool(self.names(OTHER)) != bool(self.against):
            raise ValueError(f"claim must say {OTHER}.measure just where `against` is given.")

    @cached_property
    def tree(self) -> ast.expr:
        try:
            return ast.parse(self.test, mode="eval").body
        except SyntaxError as error:
            raise ValueError(f"claim cannot be read: {self.test!r}.") from error

    @property
    def words(self) -> str:
        """The comparison as one reads it."""
        text = self.test
        for sign, instead in SIGNS.items():
            text = text.replace(sign, instead)
        return text

    @property
    def formal(self) -> bool:
        """Whether it is mathematics: there is nothing to run."""
        return not self.names() and not self.names(OTHER)

    def names(self, of: str = "") -> list[str]:
        """The measures that it speaks of, in their order: of the run, or of the `other` one."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and of == OTHER:
                found.append(node.attr)
            elif isinstance(node, ast.Name) and not of and node.id not in (OTHER, *FUNCTIONS):
                found.append(node.id)
        return list(dict.fromkeys(found))

    def holds(self, measured: Measured, other: Measured | None = None) -> bool:
        """Whether it is true of these measurements; KeyError if one is missing."""
        return bool(_value(self.tree, measured, other or {}))

    def _known(self, node: ast.AST) -> None:
        """ValueError unless a node and all below it are of the small language of claims."""
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr_context):
                self._known(child)
        call = isinstance(node, ast.Call) and ast.unparse(node.func) in FUNCTIONS
        if not (
            isinstance(node, ast.Compare | ast.BoolOp | ast.boolop | ast.Name | ast.BinOp)
            or type(node) in (*ARITHMETIC, *COMPARISONS)
            or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub))
            or isinstance(node, ast.USub)
            or (isinstance(node, ast.Constant) and type(node.value) in (int, float))
            or (isinstance(node, ast.Attribute) and ast.unparse(node.value) == OTHER)
            or (call and not node.keywords)  # type: ignore[attr-defined]
        ):
            raise ValueError(f"claim must compare measures. Got {ast.unparse(node)!r} in it.")


def _value(node: ast.AST, run: Measured, other: Measured) -> Any:
    """The value of an expression, of a claim that is known to be well formed."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return run[node.id]
        case ast.Attribute():
            return other[node.attr]
        case ast.UnaryOp():
            return -_value(node.operand, run, other)
        case ast.BinOp():
            pair = _value(node.left, run, other), _value(node.right, run, other)
            return ARITHMETIC[type(node.op)](*pair)
        case ast.Call():
            values = [_value(each, run, other) for each in node.args]
            return FUNCTIONS[ast.unparse(node.func)](*values)
        case ast.BoolOp():
            parts = (bool(_value(each, run, other)) for each in node.values)
            return all(parts) if isinstance(node.op, ast.And) else any(parts)
        case ast.Compare():
            values = [_value(each, run, other) for each in (node.left, *node.comparators)]
            signs = (COMPARISONS[type(op)] for op in node.ops)
            return all(sign(a, b) for sign, a, b in zip(signs, values, values[1:], strict=False))
    raise TypeError(ast.dump(node))


def read(given: Mapping[str, Any]) -> Claim:
    """A claim as it is written beside its words; ValueError says what is wrong with it."""
    if unknown := set(given) - {*FIELDS, "why", "good"}:
        raise ValueError(f"unknown in a claim: {', '.join(sorted(unknown))}.")
    chosen, against = settings(given.get("set", {})), settings(given.get("against", {}))
    key = given.get("experiment", chosen.get("stage", "train"))
    rate, says = given.get("rate", 0.9), given.get("says", "")
    return Claim(given.get("claim", ""), rate, key, chosen, against, says)


def of_preset(path: Path, name: str, given: Mapping[str, Any]) -> Claim | None:
    """The claim of a preset of the page at `path`, if it has one."""
    return (
        _located(path, rf'^\[presets\."?{re.escape(name)}"?\]', given) if "claim" in given else None
    )


def of_sentence(path: Path, given: Mapping[str, Any], body: str) -> Claim:
    """The claim of a sentence, which must stand on the page word by word."""
    says = str(given.get("says", ""))
    if not says or " ".join(says.split()) not in " ".join(body.split()):
        raise ValueError(f"{path}: a claim must say a sentence of the page. Got {says!r}.")
    return _located(path, re.escape(says[:40]), given)


def _located(path: Path, at: str, given: Mapping[str, Any]) -> Claim:
    """A claim; an error names the first line of its file that matches the pattern `at`."""
    try:
        return read(given)
    except ValueError as error:
        lines = path.read_text(encoding="utf-8").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if re.search(at, text)), 1)
        raise ValueError(f"{path}:{line}: {error}") from error


def settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by parameter of the link; a list is a tuple there."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
