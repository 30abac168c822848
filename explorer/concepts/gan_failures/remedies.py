"""What remedies change in a training step, each as a function of a few lines.

The first dimension of every tensor is the seed. The rest of the step is that of
`shared.adversarial.model`, packing and statistics of the minibatch are in `network`.
"""

import torch
from torch import Tensor
from torch.nn.functional import leaky_relu

from explorer.concepts.shared.adversarial.losses import Loss
from explorer.concepts.shared.adversarial.network import NEGATIVE_SLOPE, Discriminator
from explorer.optim import Optimizer


def feature_matching(discriminator: Discriminator, fake: Tensor, real: Tensor) -> Tensor:
    """The generator brings the mean of D's last hidden layer to that of real samples.

    The gradient at every fake sample (s, n, d), times n, of |mean h(fake) - mean h(real)|^2.
    Salimans et al. (2016), https://arxiv.org/abs/1606.03498
    """
    acts = discriminator.activations(torch.cat([fake, real], dim=1), groups=2)
    h_fake, h_real = acts[-2].chunk(2, dim=1)
    gap = h_fake.mean(1, keepdim=True) - h_real.mean(1, keepdim=True)
    top = len(discriminator.used) - 1
    acts = [layer.chunk(2, dim=1)[0] for layer in acts]
    mask = torch.where(acts[top] > 0, 1.0, NEGATIVE_SLOPE)
    return discriminator.input_gradient(acts, 2 * gap * mask, top)[1]


class HistoricalAverage:
    """Historical averaging: a penalty on the distance from the mean of all weights so far.

    Salimans et al. (2016), https://arxiv.org/abs/1606.03498
    """

    def __init__(self, adam: Optimizer) -> None:
        self.flat, self.count = adam.flat, 0
        self.mean = torch.zeros_like(adam.flat.value)

    def penalise(self, weight: float) -> None:
        """Take note of the weights, and add the gradient of weight |weights - mean|^2."""
        self.count += 1
        self.mean.lerp_(self.flat.value, 1 / self.count)
        self.flat.grad.add_(self.flat.value - self.mean, alpha=2 * weight)


def unrolled(
    discriminator: Discriminator, loss: Loss, fake: Tensor, real: Tensor, steps: int, h: float
) -> Tensor:
    """The generator's loss against the discriminator as it will be after `steps` updates of size h.

    The gradient at every fake sample (s, n, d), times n, through the steps of gradient descent
    that the discriminator would answer with. Metz et al. (2017), https://arxiv.org/abs/1611.02163
    """
    with torch.enable_grad():
        fake = fake.detach().requires_grad_()
        weights = [
            w.detach().requires_grad_() for w in (*discriminator.weights, *discriminator.biases)
        ]
        for _ in range(steps):
            total = loss.discriminator(
                real=outputs(discriminator, weights, real),
                fake=outputs(discriminator, weights, fake),
            )
            gradients = torch.autograd.grad(total.mean(1).sum(), weights, create_graph=True)
            weights = [w - h * g for w, g in zip(weights, gradients)]
        ahead = loss.generator(
            real=outputs(discriminator, weights, real), fake=outputs(discriminator, weights, fake)
        )
        (gradient,) = torch.autograd.grad(ahead.mean(1).sum(), fake)
    return gradient * fake.shape[1]


def outputs(discriminator: Discriminator, weights: list[Tensor], x: Tensor) -> Tensor:
    """D(x) with these weights, of samples x (s, n, d): (s, n), open to autograd."""
    h, layers = discriminator.features(x), len(weights) // 2
    for k in range(layers):
        h = leaky_relu(h, NEGATIVE_SLOPE) if k else h
        h = torch.baddbmm(weights[layers + k], h, weights[k].mT)
    return h[:, :, 0]
