"""Shares as percentages: written and scaled in one way."""


def percent(share: float) -> str:
    """A share in two digits, as words.

    >>> percent(0.0482), percent(0.253), percent(0.00059)
    ('4.8 %', '25 %', '0.06 %')
    """
    value = 100 * share
    digits = 0 if value >= 10 else 1 if value >= 1 else 2
    return f"{value:.{digits}f} %"


def in_percent(interval: tuple[float, float]) -> tuple[float, float]:
    """An interval of shares in percent."""
    return 100 * interval[0], 100 * interval[1]
