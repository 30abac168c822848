r"""Invertible functions of one number, by which a coupling layer transforms it.

Affine      y = x e^a + b,   log dy/dx = a
Spline      monotone rational-quadratic, through K + 1 knots (x_k, y_k) with derivatives d_k;
            inside a bin, with w = x_{k+1} - x_k, h = y_{k+1} - y_k, s = h / w, r = (x - x_k) / w,

                y = y_k + h (s r^2 + d_k r (1 - r)) / (s + c r (1 - r)),   c = d_k + d_{k+1} - 2 s
                dy/dx = s^2 (d_{k+1} r^2 + 2 s r (1 - r) + d_k (1 - r)^2) / (s + c r (1 - r))^2

            The inverse is a root of a quadratic. Outside [-BOUND, BOUND] it is the identity.

Dinh, Sohl-Dickstein and Bengio (2017), Real NVP, https://arxiv.org/abs/1605.08803
Durkan et al. (2019), Neural spline flows, https://arxiv.org/abs/1906.04032
"""

from math import expm1, log
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad, softplus

BOUND = 4.0  # of the spline; data and noise have unit size
SMALLEST = 4e-3  # share of the box of the narrowest bin, and the least derivative at a knot
UNIT_DERIVATIVE = log(expm1(1 - SMALLEST))  # raw 0 means derivative 1
LARGEST_SCALE = 3.0  # an affine coupling scales by at most e^3


class Transformed(NamedTuple):
    """The transformed numbers, and the log of the derivative there; both of their shape."""

    value: Tensor
    log_derivative: Tensor


def affine(x: Tensor, raw: Tensor, inverse: bool = False) -> Transformed:
    """Scale and shift x (n, m) by raw (n, m, 2)."""
    log_scale = LARGEST_SCALE * torch.tanh(raw[..., 0] / LARGEST_SCALE)
    if inverse:
        return Transformed((x - raw[..., 1]) * (-log_scale).exp(), -log_scale)
    return Transformed(x * log_scale.exp() + raw[..., 1], log_scale)


class Knots(NamedTuple):
    """Of every number's spline: knots (n, m, 2, K + 1), x over y, derivatives (n, m, K + 1)."""

    at: Tensor
    derivative: Tensor


def knots(raw: Tensor) -> Knots:
    """The spline of raw (n, m, 3 K - 1): K widths, K heights, K - 1 inner derivatives.

    Raw zeros are the identity. The outermost knots are exactly the corners of the box, so that
    rounding can never leave a gap at the bound.
    """
    bins = (raw.shape[-1] + 1) // 3
    share = torch.softmax(raw[..., : 2 * bins].unflatten(-1, (2, bins)), -1)
    share = SMALLEST + (1 - SMALLEST * bins) * share
    inner = 2 * BOUND * share[..., :-1].cumsum(-1) - BOUND
    at = pad(pad(inner, (1, 0), value=-BOUND), (0, 1), value=BOUND)
    derivative = SMALLEST + softplus(raw[..., 2 * bins :] + UNIT_DERIVATIVE)
    return Knots(at, pad(derivative, (1, 1), value=1.0))


def spline(x: Tensor, raw: Tensor, inverse: bool = False) -> Transformed:
    """Transform x (n, m) by the splines of raw (n, m, 3 K - 1)."""
    at, derivative = knots(raw)
    inside = x.abs() < BOUND
    here = x.clamp(-BOUND, BOUND)
    # The bin is found among the inner knots, so it always exists, even exactly at the bound.
    line = at[..., 1 if inverse else 0, 1:-1].contiguous()
    bin_ = torch.searchsorted(line.detach(), here.detach()[..., None])
    both = bin_[..., None, :].expand(*bin_.shape[:-1], 2, 1)
    left, right = at.gather(-1, both)[..., 0], at.gather(-1, both + 1)[..., 0]  # (n, m, 2)
    d0, d1 = derivative.gather(-1, bin_)[..., 0], derivative.gather(-1, bin_ + 1)[..., 0]
    (x0, y0), (w, h) = left.unbind(-1), (right - left).unbind(-1)
    s = h / w
    c = d0 + d1 - 2 * s
    if inverse:
        up = here - y0
        a, b = h * (s - d0) + up * c, h * d0 - up * c
        root = (b * b + 4 * a * s * up).clamp(min=0).sqrt()
        r = (2 * s * up / (b + root)).clamp(0, 1)
        value = x0 + w * r
    else:
        r = (here - x0) / w
        value = y0 + h * (s * r * r + d0 * r * (1 - r)) / (s + c * r * (1 - r))
    denominator = s + c * r * (1 - r)
    numerator = d1 * r * r + 2 * s * r * (1 - r) + d0 * (1 - r) * (1 - r)
    log_derivative = 2 * (s / denominator).log() + numerator.log()
    return Transformed(
        torch.where(inside, value, x),
        torch.where(inside, -log_derivative if inverse else log_derivative, torch.zeros_like(x)),
    )
