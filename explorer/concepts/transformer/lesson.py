"""What the page says and offers, as plain data: presets, labels, formulas, sources."""

from typing import Any

import numpy as np
import torch

from explorer.concepts.transformer.positions import POSITIONS
from explorer.concepts.transformer.tasks import LENGTH, TASKS
from explorer.nets import generator

NAMES: dict[str, str] = {
    "repeat": "repeat",
    "sort": "sort",
    "reverse": "reverse",
    "copy": "copy",
    "moby": "Moby-Dick",
    "names": "names",
}
WAYS: dict[str, str] = dict(POSITIONS)
BLOCK = torch.arange(7)[None]  # of the pictogram of a repeated block
STAGES: dict[str, str] = {
    "learn": "Learn",
    "look": "Look",
    "off": "Switch off",
    "write": "Write",
}


def pictures() -> dict[str, np.ndarray]:
    """A pictogram of each task: where the perfect solution looks. Of the texts: lines."""
    found = {}
    for name, task in TASKS.items():
        question = torch.tensor([[7, 1, 5, 0, 6, 3, 2, 4]])
        rows = task.rows(question) if task.answer else BLOCK.repeat(1, 4)[:, :25]
        there = task.sources(rows)[0].numpy()
        there = there[LENGTH:, :LENGTH] if task.answer else there[:20, :20]
        found[name] = (255 * there).astype(np.uint8)
    for name, seed in (("moby", 1), ("names", 2)):
        page = np.zeros((24, 24), np.uint8)
        least, most = (16, 23) if name == "moby" else (6, 14)
        widths = torch.randint(least, most, (6,), generator=generator(seed))
        for line, width in enumerate(widths.tolist()):
            page[2 + 4 * line : 4 + 4 * line, 1 : 1 + width] = 255
        found[name] = page
    return found


def _settings(dataset: str, **others: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"positions": "rotary", "layers": 2, "causal": True}
    return {"dataset": dataset, "stage": "learn", **usual, **others}


# Name: (settings, why, whether they are good ones)
PRESETS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "induction": (
        _settings("repeat"),
        "Two layers find by themselves how to look up what came next.",
        True,
    ),
    "one layer": (
        _settings("repeat", layers=1),
        "A head can't know what stood before the place that it looks at.",
        False,
    ),
    "no mask": (
        _settings("sort", causal=False),
        "It reads the answer off the next place, and never learns to sort.",
        False,
    ),
    "no positions": (
        _settings("repeat", positions="none"),
        "No head can look at the symbol just before: induction never forms.",
        False,
    ),
    "Moby-Dick": (
        _settings("moby"),
        "The shipped model, trained on from where it was left.",
        True,
    ),
    "forgetting": (
        _settings("names"),
        "The shipped model learns first names and forgets the book.",
        False,
    ),
}

# What each question offers: (answer, whether it is right, why).
CHOICES: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "layers": (
        (
            "yes",
            False,
            "A head chooses by what a place holds, and in the first layer a place holds only its "
            'own symbol. See the preset "one layer".',
        ),
        (
            "no, it takes two",
            True,
            "The first layer writes into each place which symbol stood before it; the second looks "
            "for the place whose note is the current symbol.",
        ),
        (
            "with more heads",
            False,
            "Heads of one layer work side by side; none can use what another found.",
        ),
    ),
    "mask": (
        (
            "it learns faster and better",
            False,
            "Its loss falls faster, because it copies the answer. When it writes there is none.",
        ),
        (
            "the loss falls, and it can't write",
            True,
            "The next symbol stands in plain sight, so nothing else is learnt. In use there is no "
            "next symbol yet.",
        ),
        (
            "nothing changes",
            False,
            "In training the whole sequence lies before it. Only the mask hides what is to come.",
        ),
    ),
    "cache": (
        (
            "not at all",
            True,
            "No place sees a later one, so keys and values of the past never change. Both ways "
            "compute the same numbers: see the stage Write.",
        ),
        (
            "it gets a little worse",
            False,
            "Nothing is left out or rounded: what is kept is exactly what would be computed again.",
        ),
        (
            "it forgets the start",
            False,
            "The cache holds the keys and values of every place, from the first on.",
        ),
    ),
    "gradual": (
        (
            "steadily",
            False,
            "Both halves of the circuit are useless without the other, so at first nothing pulls.",
        ),
        (
            "nothing for a while, then soon all",
            True,
            "For the first hundred updates not one sequence is right; a hundred later most are, as "
            "soon as a head begins to look at the answer.",
        ),
        (
            "at once, in the first steps",
            False,
            "The first steps teach only which symbols there are.",
        ),
    ),
}

HELP: dict[str, str] = {
    "dataset": "What is learnt. The pictures show where the perfect solution looks. Moby-Dick and "
    "names start from the shipped model.",
    "stage": "Learn trains. Look takes a text of yours through the whole training. "
    "Switch off tries it without each part. Write lets it write, and counts what that costs.",
    "positions": "How a place knows where it is. Take it away and see which task breaks.",
    "layers": "Layers one after the other. With one, a head can't use what another head found.",
    "heads": "Heads side by side in each layer; more share the same width.",
    "width": "Numbers that each place carries.",
    "causal": "Off, every place sees the next symbol in training: watch what happens to the exam.",
    "wide": "Off, only attention is left: enough for some tasks.",
    "fresh": "Begin from random weights instead of the shipped ones: see what minutes of training "
    "were worth.",
    "rate": "Size of the first steps; they shrink to zero. Too large, and it never settles.",
    "own": "Your own text; the picture follows when you press Enter.",
    "warmth": "For texts: 0 always takes the likeliest symbol and soon goes in circles; 1 draws as "
    "the model believes; more is wilder.",
    "cache": "Which of the two ways writes. The text stays the same, the time does not.",
    "layer": "Which layer's head is enlarged.",
    "head": "Which head of the layer is enlarged.",
}

TEXTS: dict[str, str] = {
    "learn": """
        Every place of the sequence asks a :orange[**query**]; every earlier place offers a key. The
        better they fit, the more of its value is brought over. Nobody says where to look. Watch the
        curves: a head finds the answer at the moment at which the loss falls.
    """,
    "text": """
        The shipped :orange[**model**] has read Moby-Dick, but for nine chapters. On those it needs
        1.98 bits a character; the best :violet[**n-gram**], which counted the same text, 2.03. The
        curves use a short piece of them. Trained on here it moves a little; taught first names, it
        loses the book.
    """,
    "look": """
        Scrub through the training time of your own text. Before training, attention is flat. Then
        each head settles on something to look for. Under "Layer by layer" the unfinished thought
        after each layer is read as if it were the last.
    """,
    "off": """
        Each part is switched off in turn, and the network sits the exam without it. Some parts can
        go and nothing happens: others do the same work. Some are worth everything. Scrub to see
        what your own text becomes without each.
    """,
    "write": """
        Without a cache every new symbol reads the whole text again. The keys and values of earlier
        places never change, because no place sees a later one: keep them, and only the new symbol
        has to be worked on. Both ways give the same symbols.
    """,
    "shape": "A text is always learnt by a network of the shipped model's shape: layers, heads, "
    "numbers, positions and mask are settings of the tasks.",
    "wait": "This begins as soon as the network is trained: see Learn.",
}

FORMULAS: tuple[str, ...] = (
    r"q_i = W_q \hat x_i, \quad k_j = W_k \hat x_j, \quad v_j = W_v \hat x_j, \qquad "
    r"\hat x = g \odot x / \sqrt{\tfrac{1}{d}\textstyle\sum x^2}",
    r"a_{ij} = \frac{\exp(q_i \cdot k_j / \sqrt{d_h})}{\sum_{l \le i} \exp(q_i \cdot k_l / "
    r"\sqrt{d_h})} \quad (j \le i), \qquad \text{head}_i = \sum_{j \le i} a_{ij} v_j",
    r"x \leftarrow x + W_o\,[\text{head}^1, \dots, \text{head}^h], \qquad "
    r"x \leftarrow x + W_2\,\text{gelu}(W_1 \hat x)",
    r"\text{rotary: } q_i \to R_i q_i,\; k_j \to R_j k_j, \qquad (R_i q) \cdot (R_j k) = "
    r"q \cdot R_{j-i} k",
    r"\text{looks at the answer} = \frac{1}{|J|} \sum_{i \in J} \sum_{j:\, s_j = s_{i+1}"
    r"\ \text{by the rule}} a_{ij}",
)
SYMBOLS: dict[str, str] = {
    "x_i": "the residual stream: the vector that place $i$ carries through all layers",
    r"\hat x, g": r"the same at length $\sqrt{d}$, times a learnt gain",
    "q, k, v": "query, key and value of a head",
    "a_{ij}": "attention: how much of $v_j$ place $i$ takes",
    "d, d_h": "numbers of the stream, and of a head",
    "R_i": "a turn by an angle that grows with the place $i$",
    "J": "places whose next symbol is certain for who knows the task",
}
SOURCES: tuple[tuple[str, str], ...] = (
    ("Vaswani et al. (2017), Attention Is All You Need", "https://arxiv.org/abs/1706.03762"),
    ("Su et al. (2021), RoFormer: rotary positions", "https://arxiv.org/abs/2104.09864"),
    (
        "Elhage et al. (2021), A Mathematical Framework for Transformer Circuits",
        "https://transformer-circuits.pub/2021/framework/index.html",
    ),
    (
        "Olsson et al. (2022), In-context Learning and Induction Heads",
        "https://arxiv.org/abs/2209.11895",
    ),
    (
        "nostalgebraist (2020), interpreting GPT: the logit lens",
        "https://www.lesswrong.com/posts/AcKRB8wDpdaN6v6ru/interpreting-gpt-the-logit-lens",
    ),
    (
        "Shazeer (2019), Fast Transformer Decoding: the key-value cache",
        "https://arxiv.org/abs/1911.02150",
    ),
    ("Jordan (2024), Muon", "https://kellerjordan.github.io/posts/muon/"),
)
