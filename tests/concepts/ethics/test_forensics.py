"""Detectors of generated images."""

import numpy as np
import torch
from scipy.fft import dctn
from scipy.ndimage import convolve

from explorer.concepts.ethics import forensics
from explorer.concepts.ethics.forensics import SIDE, Convolutional, Spectral, blurred, spectrum
from explorer.concepts.ethics.generators import digits
from explorer.nets import generator


def test_the_spectrum_is_the_cosine_transform_in_bands_of_equal_frequency():
    x = torch.rand(3, SIDE**2, generator=generator(0))
    assert torch.allclose(forensics._cosines() @ forensics._cosines().T, torch.eye(SIDE), atol=1e-5)
    pixels = x.view(3, SIDE, SIDE).numpy().astype(float)
    sizes = np.log(np.abs(dctn(pixels, axes=(1, 2), norm="ortho")) + 1e-3)
    rows, columns = np.indices((SIDE, SIDE))
    bands = [sizes[:, (rows + columns) // 2 == k].mean(1) for k in range(SIDE)]
    np.testing.assert_allclose(spectrum(x), np.stack(bands, 1), atol=1e-3)


def test_the_blur_is_a_binomial_filter():
    x = torch.rand(2, SIDE**2, generator=generator(0))
    kernel = np.outer([1, 2, 1], [1, 2, 1]) / 16
    for image, found in zip(x.view(2, SIDE, SIDE).numpy(), blurred(x).view(2, SIDE, SIDE)):
        np.testing.assert_allclose(found, convolve(image, kernel, mode="constant"), atol=0.003)


def test_the_logistic_regression_is_at_its_optimum():
    x, y = digits(0)[1][:400], torch.arange(400) % 2
    fitted = Spectral(x, y)
    a = fitted._design(x)
    gradient = a.T @ ((a @ fitted.weights).sigmoid() - y.double())
    assert (gradient + forensics.RIDGE * fitted.weights).abs().max() < 1e-6


def test_both_detectors_find_what_is_easy_and_nothing_where_there_is_nothing():
    real, fresh, _ = digits(0)
    smooth = blurred(real[:600])
    y = torch.cat([torch.zeros(600), torch.ones(600)])
    x = torch.cat([fresh[:600], smooth])
    network = Convolutional(generator(0)).fit(x, y, 0)
    for detector in (Spectral(x, y), network):
        assert detector.generated(blurred(real[600:1000])).double().mean() > 0.95
        assert detector.generated(fresh[600:1000]).double().mean() < 0.05
    nothing = Spectral(torch.cat([fresh[:600], real[:600]]), y)
    assert abs(nothing.generated(real[1000:2000]).double().mean() - 0.5) < 0.1


def test_the_parts_of_the_digits_have_no_image_in_common():
    parts = [{tuple(row.tolist()) for row in part[:500]} for part in digits(3)]
    assert not parts[0] & parts[1]
    assert not parts[1] & parts[2]
