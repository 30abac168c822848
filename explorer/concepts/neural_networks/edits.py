"""Changes of a network by hand, as a short text that fits into the link.

    "w1.2.3=0.5,b2.1=-1,f1.2,c2.4"

sets the weight of layer 1 from unit 2 to unit 3 and the bias of unit 1 of layer 2, freezes unit 2
of layer 1 (its weights and bias are not trained any more) and cuts unit 4 of layer 2 (output 0).
Layers are counted from 1, the last one is the output; units from 1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

EDIT = re.compile(r"([wbfc])(\d{1,2})\.(\d{1,2})(?:\.(\d{1,2}))?(?:=(-?\d{1,3}(?:\.\d{1,6})?))?")
LARGEST = 10.0  # of a weight set by hand
MOST = 60  # edits
Kind: TypeAlias = Literal["weight", "bias", "freeze", "cut"]
KINDS: dict[str, Kind] = {"w": "weight", "b": "bias", "f": "freeze", "c": "cut"}


@dataclass(frozen=True)
class Edit:
    """One change; layer and units are counted from 0."""

    kind: Kind
    layer: int
    unit: int
    source: int = 0  # of a weight
    value: float = 0.0  # of a weight or a bias


def parse(text: str, sizes: Sequence[int] = ()) -> tuple[Edit, ...]:
    """The changes that a text asks for; of a network of these `sizes` (inputs first) those that
    speak of parts it has.

    Raises ValueError where it is no such text.
    """
    parts = [part for part in text.split(",") if part]
    if len(parts) > MOST:
        raise ValueError(f"edits must be at most {MOST} changes. Got {len(parts)} instead.")
    found = (_one(part) for part in parts)
    return tuple(each for each in found if not sizes or _fits(each, sizes))


def _one(part: str) -> Edit:
    found = EDIT.fullmatch(part)
    letter, *numbers, written = found.groups() if found else ("", None, None, None, None)
    complete = (letter == "w") == bool(numbers[2]) and (letter in "wb") == (written is not None)
    if not found or not complete:
        raise ValueError(f"edits must be changes such as w1.2.3=0.5 or f1.2. Got {part!r} instead.")
    layer, first, second = (int(number or 0) - 1 for number in numbers)
    source, unit = (first, second) if letter == "w" else (0, first)
    value = float(written or 0)
    if abs(value) > LARGEST or min(layer, unit, source) < 0:
        raise ValueError(
            f"edits must set values between ±{LARGEST:g} and count from 1. Got {part!r} instead."
        )
    return Edit(KINDS[letter], layer, unit, source, value)


def _fits(edit: Edit, sizes: Sequence[int]) -> bool:
    """Whether the network has the part; the output cannot be cut."""
    if edit.layer >= len(sizes) - 1 or (edit.kind == "cut" and edit.layer == len(sizes) - 2):
        return False
    return edit.unit < sizes[edit.layer + 1] and edit.source < sizes[edit.layer]
