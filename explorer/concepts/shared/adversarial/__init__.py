"""Adversarial training: losses, networks with hand-written gradients, and one training step.

`config` its settings, `losses` what generator and discriminator minimise, `network` and `model` the
training itself, of one seed or of several at once; `measure`, `panels` and `seeds` what the pages
about GANs measure and draw alike.

Goodfellow et al. (2014), Generative Adversarial Nets, https://arxiv.org/abs/1406.2661
"""
