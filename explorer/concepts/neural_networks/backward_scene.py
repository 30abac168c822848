"""The picture of one backward pass: the numbers on the diagram, and how each came about."""

import numpy as np

from explorer.concepts.neural_networks import diagram
from explorer.concepts.neural_networks.backward import STATES, Snapshot
from explorer.concepts.neural_networks.config import ACTIVATIONS, Config
from explorer.concepts.shared.text_panel import Line, text_panel
from explorer.scene import Bars, Mark, Panel, Reading, Scene, Text

ROOM = 10  # lines of text
TERMS = 3  # of a sum that are written out


def backward_scene(s: Snapshot) -> Scene:
    """Forward values, backward derivatives, the numbers of this step, and finite differences."""
    panels = [forward_panel(s), backward_panel(s), text(s), differences_panel(s)]
    reading = Reading(
        "largest difference from finite differences", s.numbers.gap, (0.0, 0.0), "exact gradient",
        help="Over all weights and biases of the network, for this example. Finite differences are "
        "themselves exact to about ten digits only.",
    )  # fmt: skip
    return Scene(panels, s.step, (2, 2), (), [reading], sentence(s), unit="part")


def number(value: float) -> str:
    """A number in three digits."""
    return f"{value:.3g}".replace("-", "−")


def tiles(s: Snapshot, values: list[np.ndarray], name: str, scale: float) -> list[Mark]:
    """A square for each unit in the colour of its value, with the number; NaN: not computed yet."""
    known = np.concatenate(values).astype(np.float32)
    at = np.concatenate(diagram.places(s.config.sizes))
    filled = np.where(np.isfinite(known), known, 0.0)
    meaning = f"{name}: −{scale:.2g} | {scale:.2g}"
    squares = diagram.maps(s.config, (filled / scale)[:, None, None], name, meaning)
    words: list[Mark] = [
        Text(f"{name} {k}", "neutral", (float(x), float(y)), number(value))
        for k, ((x, y), value) in enumerate(zip(at, known))
        if np.isfinite(value)
    ]
    return [squares, *words]


def unknown(values: tuple[np.ndarray, ...], known: slice) -> list[np.ndarray]:
    """Values of each layer, NaN outside of `known`."""
    inside = range(*known.indices(len(values)))
    return [v if k in inside else np.full_like(v, np.nan) for k, v in enumerate(values)]


def forward_panel(s: Snapshot) -> Panel:
    """The diagram with inputs and outputs of all layers computed so far."""
    n = s.numbers
    values = [n.given[0], *unknown(n.outputs, slice(0, s.forward))]
    weights = np.concatenate([w.ravel() for w in n.weights]).astype(np.float32)
    marks = [
        diagram.links(s.config, weights),
        *tiles(s, values, "output of a unit", 1.0),
        *diagram.titles(s.config),
    ]
    panel = diagram.panel(s.config, "Forward pass", marks, "Squares: outputs. Links: weights.")
    return _lit(panel, s.backward == 0)


def backward_panel(s: Snapshot) -> Panel:
    """The diagram with dL/da of the units, and dL/dw as links, as far as they are known."""
    n = s.numbers
    depth = len(n.deltas)
    back = slice(depth - s.backward, depth)
    deltas = [np.full(len(n.given[0]), np.nan), *unknown(n.deltas, back)]
    gradients = [
        w if k >= back.start else np.zeros_like(w) for k, w in enumerate(n.gradients)
    ]  # fmt: skip
    flat = np.concatenate([w.ravel() for w in gradients]).astype(np.float32)
    largest = max(float(np.abs(w).max()) for w in n.gradients) or 1.0
    scale = max(float(np.abs(d).max()) for d in n.deltas) or 1.0
    links = diagram.links(s.config, flat, "derivative at a weight", largest)
    marks = [links, *tiles(s, deltas, "derivative at a sum", scale), *diagram.titles(s.config)]
    caption = "Squares: δ = ∂L/∂a. Links: ∂L/∂w, as thick as it is large."
    return _lit(diagram.panel(s.config, "Backward pass", marks, caption), s.backward > 0)


def _lit(panel: Panel, active: bool) -> Panel:
    return Panel(
        panel.title, panel.marks, panel.kind, panel.xlim, panel.ylim, caption=panel.caption,
        span=panel.span, active=active,
    )  # fmt: skip


def text(s: Snapshot) -> Panel:
    """How the numbers of this step came about."""
    rows = lines(s)[:ROOM]
    return text_panel("This step, number by number", rows, room=ROOM)


def lines(s: Snapshot) -> list[Line]:
    """The sums of the layer that was computed last."""
    if s.backward:
        return _backward_lines(s, len(s.numbers.deltas) - s.backward)
    if s.forward:
        return _forward_lines(s, s.forward - 1)
    inputs: list[Line] = [
        (f"{diagram.unit_name(s.config, 0, k)} = {number(value)}", "neutral")
        for k, value in enumerate(s.numbers.given[0])
    ]  # fmt: skip
    return [("The example:", "neutral"), *inputs, (f"class {s.numbers.label}", "neutral")]


def _sum(factors: np.ndarray, others: np.ndarray) -> str:
    """A sum of products, the first ones written out."""
    parts = [f"({number(a)})·({number(b)})" for a, b in zip(factors[:TERMS], others)]
    return " + ".join(parts) + (" + …" if len(factors) > TERMS else "")


def _forward_lines(s: Snapshot, k: int) -> list[Line]:
    n, last = s.numbers, k == len(s.numbers.sums) - 1
    total = f"{_sum(n.given[k], n.weights[k][:, 0])} + ({number(n.biases[k][0])})"
    name = diagram.unit_name(s.config, k + 1, 0)
    found: list[Line] = [
        (f"{name}: sum of inputs × weights + bias", "neutral"),
        (f"a = {total} = {number(n.sums[k][0])}", "real"),
    ]
    if last:
        kind = "cross-entropy" if s.config.loss == "cross_entropy" else "squared error"
        return [
            *found,
            (f"Class {n.label}: loss L = {number(n.loss)} ({kind})", "neutral"),
        ]
    f = ACTIVATIONS[s.config.activation]
    for j, (a, h, d) in enumerate(zip(n.sums[k], n.outputs[k], n.local[k])):
        each = f"unit {j + 1}: a = {number(a)}, h = {f}(a) = {number(h)}, f′(a) = {number(d)}"
        found.append((each, "neutral"))
    return found


def _backward_lines(s: Snapshot, k: int) -> list[Line]:
    n, last = s.numbers, k == len(s.numbers.deltas) - 1
    source = diagram.unit_name(s.config, k, 0)
    product = f"({number(n.given[k][0])})·({number(n.deltas[k][0])})"
    weight = f"∂L/∂w from {source} = h·δ = {product} = {number(n.gradients[k][0, 0])}"
    if last:
        rule = "σ(a) − y" if s.config.loss == "cross_entropy" else "(tanh a − t)·(1 − tanh² a)"
        return [
            ("output: derivative of the loss with respect to its sum", "neutral"),
            (f"δ = {rule} = {number(n.deltas[k][0])}", "rival"),
            (weight, "rival"),
        ]
    through = _sum(n.weights[k + 1][0], n.deltas[k + 1])
    skip = " + skip" if s.config.residual and s.config.sizes[k + 1] == s.config.sizes[k + 2] else ""
    found: list[Line] = [
        (f"{diagram.unit_name(s.config, k + 1, 0)}: weights × δ of the next layer", "neutral"),
        (f"∂L/∂h = {through}{skip} = {number(n.by_output[k][0])}", "rival"),
    ]
    for j, (d, g, delta) in enumerate(zip(n.local[k], n.by_output[k], n.deltas[k])):
        product = f"f′(a)·∂L/∂h = ({number(d)})·({number(g)})"
        found.append((f"unit {j + 1}: δ = {product} = {number(delta)}", "neutral"))
    return [*found[: ROOM - 1], (weight, "rival")]


def differences_panel(s: Snapshot) -> Panel:
    """The gradient of the layer gone back to last, beside finite differences."""
    n = s.numbers
    k = min(len(n.deltas) - 1, len(n.deltas) - max(1, s.backward))
    shown = n.gradients[k].ravel() if s.backward else np.zeros(n.gradients[k].size)
    names = link_labels(s.config, k)
    where = "the output" if k == len(n.deltas) - 1 else f"layer {k + 1}"
    return Panel(
        "Backward pass and finite differences",
        [
            Bars("backward pass", "rival", shown.astype(np.float32), names),
            Bars("finite differences", "truth", n.differences[k].ravel().astype(np.float32), names),
        ],
        "chart", None, None, "weight", "∂L/∂w",
        caption=f"Weights of {where}. Dashed: each weight moved up and down by 0.00001.",
        active=s.backward > 0,
    )  # fmt: skip


def link_labels(config: Config, k: int) -> tuple[str, ...]:
    """Short names of the weights of a layer."""
    return tuple(
        f"{diagram.unit_name(config, k, a).removesuffix(f' of layer {k}')} → {b + 1}"
        for a in range(config.sizes[k])
        for b in range(config.sizes[k + 1])
    )


def sentence(s: Snapshot) -> str:
    """What was computed in this step."""
    n, depth = s.numbers, len(s.numbers.deltas)
    where = f"Training point {s.example}, {STATES[s.state]}"
    if s.backward == depth and n.kink and n.gap > 1e-6:
        return (
            f"{where}: a sum is 0, where ReLU has a corner and no derivative. The backward pass "
            "takes that of the left side, finite differences the mean of both."
        )
    if s.backward == depth:
        count = sum(w.size for w in n.weights) + sum(b.size for b in n.biases)
        return (
            f"{where}: one backward pass gave all {count} derivatives; finite differences needed "
            f"{2 * count} forward passes and agree to {n.gap:.0e}."
        )
    if s.backward:
        layer = "the output" if s.backward == 1 else f"layer {depth - s.backward + 1}"
        return f"{where}: the chain rule has come back to {layer}."
    if s.forward == depth:
        return f"{where}: the forward pass ends with the loss {number(n.loss)}. Now backwards."
    if s.forward:
        return f"{where}: the outputs of layer {s.forward} are known."
    return f"{where}: the inputs are given, nothing is computed yet."
