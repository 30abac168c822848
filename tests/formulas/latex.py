r"""Evaluates the formulas of the pages: the part of LaTeX that they are written in.

Sums, products, fractions, roots, powers, norms, \log, \exp and their like; \mathbb{E} is the mean
over an array and \sum its sum, both of everything that is multiplied after them. What a symbol is
worth (a number, an array, a function) the caller says; a symbol has its index: `d_{k+1}`, `x'`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[a-zA-Z]|[^\s]")
SPACES = re.compile(r"\\(?:[,;! ]|quad\b|left\b|right\b|big[lr]?\b|Big[lr]?\b|textstyle\b)")
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "\\log": np.log,
    "\\ln": np.log,
    "\\exp": np.exp,
    "\\sin": np.sin,
    "\\cos": np.cos,
    "\\tanh": np.tanh,
    "\\arctan": np.arctan,
    "\\sign": np.sign,
    "\\max": np.maximum,
    "\\min": np.minimum,
    "\\operatorname{sign}": np.sign,
}
CLOSING = {"(": ")", "[": "]", "\\lVert": "\\rVert", "\\|": "\\|", "|": "|"}


def value(latex: str, after: str = "", until: str = "", **symbols: Any) -> Any:
    r"""What a formula is worth: all of it, or what stands `after` some text and before another.

    Symbols that are no Python names come as `symbols={...}`.

    >>> value(r"y = \tfrac12 x^2 + 1", "y =", x=4.0)
    9.0
    """
    table = {**symbols.pop("symbols", {}), **symbols}
    assert after in latex, f"{after!r} is not in {latex!r}"
    text = latex.partition(after)[2] if after else latex
    text = re.split(r"\\qquad|,\s*\\quad|\\quad", text.partition(until)[0] if until else text)[0]
    return _Reader(text.rstrip(" ,."), table).whole()


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, text: str, table: Mapping[str, Any]) -> None:
        text = re.sub(r"\\text\{[^}]*\}", "", text)
        text = text.replace("\\operatorname{sign}", "\\sign")
        self.text, self.table = text, table
        self.tokens = TOKEN.findall(SPACES.sub(" ", text))
        self.at = 0

    def whole(self) -> Any:
        found = self.sum()
        assert self.at == len(self.tokens), f"{self.tokens[self.at :]} is left of {self.text!r}"
        return found

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.next
        assert token, f"{self.text} ends too early"
        assert expected in ("", token), f"{expected} expected in {self.text}"
        self.at += 1
        return token

    def sum(self) -> Any:
        found = -self._after("-") if self.next == "-" else self.product()
        while self.next in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            found = found + sign * self.product()
        return found

    def _after(self, sign: str) -> Any:
        self.take(sign)
        return self.product()

    def product(self) -> Any:
        found = self.power()
        while self.starts():
            if self.next in ("\\cdot", "\\odot"):
                self.take()
                found = found * self.power()
            elif self.next == "/":
                self.take()
                found = found / self.power()
            else:
                found = found * self.power()
        return found

    def starts(self) -> bool:
        """Whether another factor follows."""
        token = self.next
        ends = ("", "+", "-", ")", "]", "}", ",", "\\rVert", "=", "&")
        return token not in ends and not (token in ("|", "\\|") and self.open == token)

    open = ""  # the sign of a norm that is open

    def power(self) -> Any:
        found = self.base()
        while self.next == "^":
            self.take()
            found = found ** self.group()
        return found

    def group(self) -> Any:
        """What stands in braces, or a single sign."""
        if self.next != "{":
            token = self.take()
            return float(token) if token.isdigit() else self.known(token)
        self.take("{")
        found = self.sum()
        self.take("}")
        return found

    def digit(self) -> Any:
        """An argument of \\tfrac: braces, or a single digit."""
        if self.next == "{":
            return self.group()
        token = self.take()
        if len(token) > 1:  # \tfrac12
            self.tokens.insert(self.at, token[1:])
            token = token[0]
        return float(token) if token.isdigit() else self.known(token)

    def base(self) -> Any:
        token = self.take()
        if token in ("\\frac", "\\tfrac"):
            above = self.digit()
            return above / self.digit()
        if token == "\\sqrt":
            return np.sqrt(self.group())
        if token == "e" and "e" not in self.table and self.next == "^":
            self.take()
            return np.exp(self.group())
        if token == "\\pi" and token not in self.table:
            return np.pi
        if token[0].isdigit():
            return float(token)
        if token in ("\\mathbb", "\\sum"):
            return self.over_all(token)
        if token in ("\\lVert", "\\|", "|"):
            before, self.open = self.open, token
            found = self.sum()
            self.take(CLOSING[token])
            self.open = before
            return np.linalg.norm(found, axis=-1) if token != "|" else np.abs(found)
        if token in ("(", "["):
            before, self.open = self.open, ""
            found = self.sum()
            self.take(CLOSING[token])
            self.open = before
            return found
        if token in FUNCTIONS and token not in self.table:
            function, index = FUNCTIONS[token], self.name("")
            if index:  # a logarithm to another base than e
                return self.applied(np.log) / np.log(float(index[1:]))
            return self.applied(function)
        found = self.known(self.name(token))
        return self.applied(found) if callable(found) else found

    def over_all(self, token: str) -> Any:
        """The mean or the sum of all that is multiplied after it."""
        if token == "\\mathbb":
            self.take("{"), self.take("E"), self.take("}")
        if self.next == "_":
            self.name("")
        if self.next == "^":
            self.take()
            self.braces()
        found = self.product()
        return np.mean(found) if token == "\\mathbb" else np.sum(found, axis=-1)

    def applied(self, function: Callable[..., Any]) -> Any:
        if self.next != "(":
            return function(self.power())
        self.take()
        given = [self.sum()]
        while self.next == ",":
            self.take()
            given.append(self.sum())
        self.take(")")
        return function(*given)

    def name(self, token: str) -> str:
        """A symbol with its accent, its index and its primes."""
        if token in ("\\hat", "\\bar", "\\tilde", "\\dot"):
            token = f"{token} {self.take()}" if self.next != "{" else token + self.braces()
        if self.next == "_":
            self.take()
            token += "_" + (self.braces() if self.next == "{" else self.take())
        while self.next == "'":
            token += self.take()
        return token

    def braces(self) -> str:
        """The text of what stands in braces, or a single sign."""
        if self.next != "{":
            return self.take()
        text, depth = "", 0
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            text += token
            if not depth:
                return text

    def known(self, name: str) -> Any:
        assert name in self.table, f"{name!r} of {self.text!r} has no value"
        return self.table[name]
