"""A network to change by hand: click a weight or a unit, set, freeze or cut it."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer.ui.component import component
from explorer.ui.controls import link
from explorer.ui.pads.pad import _report, _text, _version

LARGEST = 10.0  # of a weight

_network = component("pads/network")


def network_pad(
    key: str,
    names: Sequence[Sequence[str]],
    weights: Sequence[np.ndarray],
    biases: Sequence[np.ndarray],
    inputs: np.ndarray,
    activation: str,
    residual: bool,
    output: float,
    label: str = "The network: click a link or a unit, or choose it from the list, and change it",
) -> None:
    """The diagram of a network; what is changed is written into the link under `key`.

    `names` of inputs and units by layer; `weights` (inputs, units) and `biases` (units,) of every
    layer; `inputs` (inputs, cells, cells) over a grid; a unit of the output shows tanh of `output`
    times its sum. The text of the changes: see `explorer.concepts.neural_networks.edits`.
    """
    held = link.held(key)
    text = held if isinstance(held, str) else ""

    def changed() -> None:
        sent = st.session_state[f"{key}-pad"].edits
        if isinstance(sent, str):
            _report(key, sent)

    _network(
        key=f"{key}-pad",
        data={
            "names": [list(layer) for layer in names],
            "weights": [np.round(w, 4).tolist() for w in weights],
            "biases": [np.round(b, 4).tolist() for b in biases],
            "inputs": _text(inputs.astype("<f4")),
            "cells": inputs.shape[-1],
            "activation": activation,
            "output": output,
            "residual": residual,
            "edits": text,
            "largest": LARGEST,
            "version": _version(key, text),
            "label": label,
        },
        on_edits_change=changed,
    )
    link.show_notice(key)
