"""What a visitor can change about the watermarked text: its tokens, the watermark, how long."""

from dataclasses import dataclass

from explorer import config as c

TOKENS: dict[str, str] = {"words": "words", "letters": "letters"}
SCHEMES: dict[str, str] = {"green": "green list", "gumbel": "Gumbel"}


@dataclass(frozen=True)
class Config:
    """Texts with and without a watermark; a step is a token of each of them."""

    dataset: str = c.choice("words", TOKENS)  # what a token is
    scheme: str = c.choice("green", SCHEMES)
    context: int = c.integer(1, 1, 6, unit="tokens")  # that the pseudo-random numbers depend on
    gamma: float = c.number(0.5, 0.1, 0.9, 0.05)  # share of the vocabulary on the green list
    delta: float = c.number(2.0, 0.0, 8.0, 0.25, unit="nats")  # added to the logits of green tokens
    key: int = c.integer(7, 0, 999)
    steps: int = c.steps(100, 400)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
