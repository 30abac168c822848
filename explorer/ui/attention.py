"""One attention head, number by number: point at a cell and see how it is computed, and back."""

from typing import Any

from explorer.ui.component import component

_attention = component("attention")


def attention(numbers: dict[str, Any], key: str) -> None:
    """Show a head: `tokens` (n), `q`, `k`, `v`, `out` (n, d), `scores`, `weights` (n, n) as lists.

    A score is None where the mask hides it. `at` is the cell (i, j) that is chosen first; `title`
    names the head.
    """
    _attention(key=key, data=numbers)
