"""A discriminator that sees several samples at once: packed ones, or statistics of the batch.

It stands beside the plain one of `shared.adversarial.network`, whose weights it starts from.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from explorer.concepts.gan_failures.minibatch import Statistic
from explorer.concepts.shared.adversarial.network import (
    NEGATIVE_SLOPE,
    Discriminator,
    leaky,
    masked,
)


class BatchDiscriminator(Discriminator):
    """Samples (s, n, d) -> one output for each, or for each pack of `packing`.

    Packing: Lin et al. (2018), PacGAN, https://arxiv.org/abs/1712.04086. With a `statistic`, the
    last layer also sees how alike the samples of the batch are.
    """

    def __init__(
        self,
        plain: Discriminator,
        rngs: Sequence[torch.Generator],
        packing: int = 1,
        statistic: Statistic | None = None,
        spectral: bool = False,
    ) -> None:
        fourier, inputs = plain.fourier, plain.weights[0].shape[-1] * packing
        sizes = [inputs - 2 * fourier, *plain.sizes[1:]]
        spectral = spectral or plain.spectral
        super().__init__(sizes, rngs, fourier, plain.input_scale, spectral)
        self.packing, self.frequencies = packing, plain.frequencies
        if packing == 1:  # it starts as the same discriminator
            for own, given in zip(self.parameters(), plain.parameters()):
                own.data.copy_(given)
            for _ in range(20 if spectral else 0):
                self.normalise()
        self.statistic: Statistic | None = statistic
        if statistic:
            last = self.weights[-1]
            width = last.shape[-1]
            bound = width**-0.5
            more = torch.stack([
                nn.init.uniform_(torch.zeros(1, statistic.size), -bound, bound, generator=rng)
                for rng in rngs
            ])  # fmt: skip
            wider = nn.Parameter(torch.cat([last.detach(), more], dim=2), requires_grad=False)
            self.layers[-1].weight = wider
            self.weights[-1] = self.used[-1] = wider

    def features(self, x: Tensor) -> Tensor:
        """What the first layer sees of samples (s, n, d): packs side by side."""
        x = super().features(x)
        return x.reshape(len(x), x.shape[1] // self.packing, -1)

    def at_samples(self, features: Tensor, g: Tensor) -> Tensor:
        features, g = (t.reshape(len(t), t.shape[1] * self.packing, -1) for t in (features, g))
        return super().at_samples(features, g)

    def activations(self, x: Tensor, groups: int = 1) -> list[Tensor]:
        if not self.statistic:
            return super().activations(x)
        acts = self._hidden(x)
        acts[-1] = torch.cat([acts[-1], self.statistic(acts[-1], groups)], dim=2)
        return [*acts, self.linear(acts[-1], self.used[-1], self.biases[-1])]

    def _hidden(self, x: Tensor) -> list[Tensor]:
        acts = [self.features(x)]
        for weight, bias in zip(self.used[:-1], self.biases[:-1]):
            acts.append(leaky(self.linear(acts[-1], weight, bias), NEGATIVE_SLOPE))
        return acts

    def beside(self, x: Tensor, others: Tensor) -> Tensor:
        """The output for each sample (s, n, d), or pack, as if in a batch like `others`: (s, n)."""
        if not self.statistic:
            return self.activations(x)[-1][:, :, 0]
        typical = self.statistic(self._hidden(others)[-1]).mean(1, keepdim=True)
        h = self._hidden(x)[-1]
        h = torch.cat([h, typical.expand(-1, h.shape[1], -1)], dim=2)
        return self.linear(h, self.used[-1], self.biases[-1])[:, :, 0]

    def through(self, k: int, acts: list[Tensor], cotangent: Tensor) -> Tensor:
        if not self.statistic or k < len(self.used) - 1:
            return super().through(k, acts, cotangent)
        hidden = acts[k].shape[2] - self.statistic.size
        before = torch.bmm(cotangent, self.used[k])
        back = self.statistic.backward(before[:, :, hidden:].contiguous())
        return masked(before[:, :, :hidden] + back, acts[k][:, :, :hidden], NEGATIVE_SLOPE, True)
