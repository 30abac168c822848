r"""Curves that can be run backwards: how a coupling moves one number, and by how much it stretches.

Affine      y = x e^a + b,   log dy/dx = a
Spline      monotone, through K + 1 knots (x_k, y_k) with slopes d_k; inside a bin, with
            w = x_{k+1} - x_k, h = y_{k+1} - y_k, s = h / w and r = (x - x_k) / w,

                y = y_k + h (s r^2 + d_k r (1 - r)) / (s + c r (1 - r)),   c = d_k + d_{k+1} - 2 s
                dy/dx = s^2 (d_{k+1} r^2 + 2 s r (1 - r) + d_k (1 - r)^2) / (s + c r (1 - r))^2

            The way back is a root of a quadratic. Outside [-BOUND, BOUND] nothing moves.

Dinh, Sohl-Dickstein and Bengio (2017), Real NVP, https://arxiv.org/abs/1605.08803
Durkan et al. (2019), Neural spline flows, https://arxiv.org/abs/1906.04032
"""

from math import expm1, log
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad, softplus

BOUND = 4.0  # of the spline; data and noise have unit size
SMALLEST = 4e-3  # share of the box that the thinnest bin takes, and the least slope at a knot
GENTLE = log(expm1(1 - SMALLEST))  # raw slope 0 means slope 1
STRETCH = 3.0  # an affine coupling stretches by at most e^3


class Moved(NamedTuple):
    """Where numbers went, and the log of the slope there; both of the shape of the numbers."""

    value: Tensor
    log_slope: Tensor


def affine(x: Tensor, raw: Tensor, back: bool = False) -> Moved:
    """Stretch and shift x (n, m) as raw (n, m, 2) says; `back` undoes it."""
    stretch = STRETCH * torch.tanh(raw[..., 0] / STRETCH)
    if back:
        return Moved((x - raw[..., 1]) * (-stretch).exp(), -stretch)
    return Moved(x * stretch.exp() + raw[..., 1], stretch)


class Knots(NamedTuple):
    """Of every number a curve: knots (n, m, 2, K + 1), x over y, and slopes (n, m, K + 1)."""

    at: Tensor
    slope: Tensor


def knots(raw: Tensor) -> Knots:
    """The curve that raw (n, m, 3 K - 1) stands for: K widths, K heights, K - 1 inner slopes.

    Raw zeros are the straight line y = x. The outermost knots are exactly the corners of the box,
    so that rounding can never leave a gap at the bound.
    """
    bins = (raw.shape[-1] + 1) // 3
    share = torch.softmax(raw[..., : 2 * bins].unflatten(-1, (2, bins)), -1)
    share = SMALLEST + (1 - SMALLEST * bins) * share
    inner = 2 * BOUND * share[..., :-1].cumsum(-1) - BOUND
    at = pad(pad(inner, (1, 0), value=-BOUND), (0, 1), value=BOUND)
    slope = SMALLEST + softplus(raw[..., 2 * bins :] + GENTLE)
    return Knots(at, pad(slope, (1, 1), value=1.0))


def spline(x: Tensor, raw: Tensor, back: bool = False) -> Moved:
    """Move x (n, m) along the curves of raw (n, m, 3 K - 1); `back` undoes it."""
    at, slope = knots(raw)
    inside = x.abs() < BOUND
    here = x.clamp(-BOUND, BOUND)
    # The bin is found among the inner knots, so it always exists, even exactly at the bound.
    line = at[..., 1 if back else 0, 1:-1].contiguous()
    bin_ = torch.searchsorted(line.detach(), here.detach()[..., None])
    both = bin_[..., None, :].expand(*bin_.shape[:-1], 2, 1)
    left, right = at.gather(-1, both)[..., 0], at.gather(-1, both + 1)[..., 0]  # (n, m, 2)
    d0, d1 = slope.gather(-1, bin_)[..., 0], slope.gather(-1, bin_ + 1)[..., 0]
    (x0, y0), (w, h) = left.unbind(-1), (right - left).unbind(-1)
    s = h / w
    c = d0 + d1 - 2 * s
    if back:
        up = here - y0
        a, b = h * (s - d0) + up * c, h * d0 - up * c
        root = (b * b + 4 * a * s * up).clamp(min=0).sqrt()
        r = (2 * s * up / (b + root)).clamp(0, 1)
        value = x0 + w * r
    else:
        r = (here - x0) / w
        value = y0 + h * (s * r * r + d0 * r * (1 - r)) / (s + c * r * (1 - r))
    bend = s + c * r * (1 - r)
    rise = d1 * r * r + 2 * s * r * (1 - r) + d0 * (1 - r) * (1 - r)
    log_slope = 2 * (s / bend).log() + rise.log()
    return Moved(
        torch.where(inside, value, x),
        torch.where(inside, -log_slope if back else log_slope, torch.zeros_like(x)),
    )
