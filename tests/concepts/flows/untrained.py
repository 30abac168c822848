"""Flows that are not the identity though they were never trained: what holds here holds for all."""

from functools import cache

import numpy as np
import torch

from explorer.concepts.flows.config import Config
from explorer.concepts.flows.coupling import Coupling, Flow
from explorer.concepts.flows.flow_matching import FlowMatchingConfig, VelocityModel
from explorer.concepts.flows.model import ImageModel, PlaneModel, untrained
from explorer.concepts.flows.univariate import BOUND
from explorer.concepts.shared.noise_level_net import PlaneNet
from explorer.nets import generator
from explorer.scene import Bars, Field, Mesh, Points


def shaken(flow: Flow, scale: float, rng: torch.Generator) -> Flow:
    """The same flow with random last layers, which start at zero."""
    for layer in flow.layers:
        if isinstance(layer, Coupling):
            with torch.no_grad():
                for parameter in layer.conditioner[-1].parameters():
                    parameter.copy_(scale * torch.randn(parameter.shape, generator=rng))
    return flow


def wild(kind: str, dim: int = 2, layers: int = 3, scale: float = 0.6) -> Flow:
    """A flow far from the identity."""
    rng = generator(0)
    config = Config(coupling=kind, layers=layers, hidden=32)
    return shaken(untrained(config, dim, rng), scale, rng)


@cache
def model_of(kind: str = "spline", dataset: str = "moons") -> PlaneModel | ImageModel:
    """A model with a flow that is not far from the identity."""
    config, rng = Config.usual(dataset, kind, layers=3, hidden=32), generator(0)
    flow = shaken(untrained(config, 64 if config.of_images else 2, rng), 0.15, rng)
    return (ImageModel if config.of_images else PlaneModel)(config, flow)


@cache
def velocity() -> VelocityModel:
    """An untrained velocity."""
    config = FlowMatchingConfig()
    return VelocityModel(config, PlaneNet(config.hidden, config.fourier_features, generator(1)))


def crowded(n: int, rng: torch.Generator) -> torch.Tensor:
    """Random points (n, 2): of noise, all over the box, and close to its bound on either side."""
    third = n // 3
    near = BOUND * (1 + 1e-3 * torch.randn(n - 2 * third, 2, generator=rng))
    near = near * torch.sign(torch.rand(near.shape, generator=rng) - 0.5)
    box = (2 * torch.rand(third, 2, generator=rng) - 1) * 1.2 * BOUND
    return torch.cat([torch.randn(third, 2, generator=rng), box, near])


def sound(scene):
    """A picture with words, and numbers in every mark."""
    assert scene.sentence
    for mark in (mark for panel in scene.panels for mark in panel.marks):
        if isinstance(mark, Points | Mesh):
            assert np.isfinite(mark.xy).all(), mark.name
        if isinstance(mark, Field | Bars):
            assert np.isfinite(mark.values).all(), mark.name
