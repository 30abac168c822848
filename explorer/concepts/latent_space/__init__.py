"""Latent space: a variational autoencoder on small images."""
