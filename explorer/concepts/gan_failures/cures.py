"""What the cures change, each as a function of a few lines. The rest is in `game`.

Nothing here knows how many seeds there are: the first dimension of every tensor is the seed.
"""

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import leaky_relu

from explorer.concepts.gan.losses import Loss
from explorer.concepts.gan.network import SLOPE, Judge
from explorer.concepts.gan_failures.stack import Judges
from explorer.optim import Optimizer


def zero_centred(g: Tensor, gamma: float) -> Tensor:
    """R1, on real points, and R2, on made-up ones: the slope of gamma/2 |g|^2 by g.

    Mescheder et al. (2018), https://arxiv.org/abs/1801.04406
    """
    return gamma * g


def gradient_penalty(g: Tensor, gamma: float) -> Tensor:
    """WGAN-GP, between real and made-up points: the slope of gamma (|g| - 1)^2 by g.

    Gulrajani et al. (2017), https://arxiv.org/abs/1704.00028
    """
    return 2 * gamma * g * (1 - 1 / (g.norm(dim=-1, keepdim=True) + 1e-12))


def feature_matching(judge: Judges, made: Tensor, real: Tensor) -> Tensor:
    """The forger brings the mean of the judge's last hidden layer to that of real points.

    The slope at every made-up point (s, n, d), times n, of |mean h(made) - mean h(real)|^2.
    Salimans et al. (2016), https://arxiv.org/abs/1606.03498
    """
    acts = judge.activations(torch.cat([made, real], dim=1), groups=2)
    h_made, h_real = acts[-2].chunk(2, dim=1)
    gap = h_made.mean(1, keepdim=True) - h_real.mean(1, keepdim=True)
    top = len(judge.used) - 1
    acts = [layer.chunk(2, dim=1)[0] for layer in acts]
    mask = torch.where(acts[top] > 0, 1.0, SLOPE)
    return judge.slopes(acts, 2 * gap * mask, top)[1]


class Memory:
    """Historical averaging: every player is pulled towards the mean of all it ever was.

    Salimans et al. (2016), https://arxiv.org/abs/1606.03498
    """

    def __init__(self, adam: Optimizer) -> None:
        self.flat, self.count = adam.flat, 0
        self.mean = torch.zeros_like(adam.flat.value)

    def pull_back(self, weight: float) -> None:
        """Take note of the weights, and add the gradient of weight |weights - mean|^2."""
        self.count += 1
        self.mean.lerp_(self.flat.value, 1 / self.count)
        self.flat.grad.add_(self.flat.value - self.mean, alpha=2 * weight)


def unrolled(
    judge: Judges, loss: Loss, made: Tensor, real: Tensor, steps: int, size: float
) -> Tensor:
    """The forger looks ahead: its loss against the judge as it will be after `steps` steps.

    The slope at every made-up point (s, n, d), times n, through the steps of gradient descent that
    the judge would answer with. Metz et al. (2017), https://arxiv.org/abs/1611.02163
    """
    with torch.enable_grad():
        made = made.detach().requires_grad_()
        weights = [w.detach().requires_grad_() for w in (*judge.matrices, *judge.biases)]
        for _ in range(steps):
            a, b = opinions(judge, weights, real), opinions(judge, weights, made)
            total = loss.judge(a, b).mean(1).sum()
            slopes = torch.autograd.grad(total, weights, create_graph=True)
            weights = [w - size * g for w, g in zip(weights, slopes)]
        a, b = opinions(judge, weights, real), opinions(judge, weights, made)
        ahead = loss.forger(a, b).mean(1).sum()
        (slope,) = torch.autograd.grad(ahead, made)
    return slope * made.shape[1]


def opinions(judge: Judges, weights: list[Tensor], x: Tensor) -> Tensor:
    """What judges of these weights say of x (s, n, d): (s, n), open to autograd."""
    h, layers = judge.features(x), len(weights) // 2
    for k in range(layers):
        h = leaky_relu(h, SLOPE) if k else h
        h = torch.baddbmm(weights[layers + k], h, weights[k].mT)
    return h[:, :, 0]


def seeing(judge: Judge, inputs: int, extra: int, spectral: bool, rng: Generator) -> Judge:
    """A judge like this one that sees `inputs` numbers, and `extra` in its last layer.

    For packing (Lin et al. 2018, https://arxiv.org/abs/1712.04086), for a crowd, and to divide its
    matrices by their largest singular value.
    """
    fourier = judge.waves.shape[1]
    hidden = [len(matrix) for matrix in judge.matrices[:-1]]
    spectral = spectral or judge.spectral
    other = Judge([inputs - 2 * fourier, *hidden, 1], rng, fourier, judge.zoom, spectral)
    other.waves = judge.waves
    if inputs == judge.matrices[0].shape[1]:  # it starts as the same judge
        other.load_state_dict(judge.state_dict())
        for _ in range(20 if spectral else 0):
            other.normalise()
    if extra:
        last = other.matrices[-1]
        more = torch.zeros(1, extra)
        nn.init.uniform_(more, -(hidden[-1] ** -0.5), hidden[-1] ** -0.5, generator=rng)
        other.matrices[-1] = other.used[-1] = nn.Parameter(torch.cat([last.detach(), more], dim=1))
    return other
