"""Real images: what is stored is what was published, and the test is never seen in training."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from explorer.data import faces, images
from explorer.nets import generator

ASSETS = Path(__file__).parents[2] / "assets"
SIZES = {
    "digits": ((8, 8), 10, 1497, 300),
    "mnist": ((28, 28), 10, 9000, 1000),
    "fashion": ((28, 28), 10, 5400, 600),
    "letters": ((16, 16), 26, 10790, 1222),
    "faces": ((16, 16, 3), 4, 6000, 1000),
}
every_set = pytest.mark.parametrize("name", images.SETS)


def test_every_data_file_has_its_checksum_and_its_licence():
    lines = (ASSETS / "data" / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in map(str.split, lines)}
    files = {path.name: path for path in (ASSETS / "data").glob("*") if path.name != "SHA256SUMS"}
    assert set(files) == set(sums)
    licences = (ASSETS / "LICENSES.md").read_text()
    for name, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sums[name], name
        assert f"`data/{name}`" in licences


@every_set
def test_a_set_has_its_published_shape_in_zero_to_one(name):
    shape, classes, train, test = SIZES[name]
    chosen = images.load(name)
    assert chosen.shape == shape
    assert len(chosen.classes) == classes
    assert chosen.train.shape == (train, np.prod(shape))
    assert chosen.test.shape == (test, np.prod(shape))
    for x, y in (
        (chosen.train, chosen.train_labels),
        (chosen.test, chosen.test_labels),
    ):
        assert x.dtype == torch.float32
        assert x.min() == 0
        assert x.max() == 1
        assert y.dtype == torch.int64
        assert set(y.tolist()) == set(range(classes))


@every_set
def test_classes_are_mixed_so_that_any_stretch_has_most_of_them(name):
    chosen = images.load(name)
    for labels in (chosen.train_labels, chosen.test_labels):
        assert len(set(labels[:100].tolist())) >= 0.9 * len(chosen.classes)


@pytest.mark.parametrize("name", ["digits", "mnist", "fashion", "faces"])
def test_no_test_image_is_in_the_training_set(name):
    chosen = images.load(name)
    train = {row.tobytes() for row in chosen.train.numpy()}
    assert not any(row.tobytes() in train for row in chosen.test.numpy())


def test_every_typeface_is_either_for_training_or_for_the_test():
    letters = images.load("letters")
    for labels in (letters.train_labels, letters.test_labels):
        counts = torch.bincount(labels)
        assert (counts == counts[0]).all()  # a typeface comes with all its letters


def test_digits_are_those_of_scikit_learn():
    digits, oracle = images.load("digits"), load_digits()
    ours = torch.cat([digits.train, digits.test]).mul(16).numpy()
    labels = torch.cat([digits.train_labels, digits.test_labels]).numpy()
    rows = np.column_stack([ours, labels])
    theirs = np.column_stack([oracle.data, oracle.target])
    np.testing.assert_array_equal(rows[np.lexsort(rows.T)], theirs[np.lexsort(theirs.T)])


@every_set
def test_pixels_bring_the_image_back_and_cut_off_what_is_no_colour(name):
    chosen = images.load(name)
    pixels = chosen.pixels(chosen.train[:3])
    assert pixels.dtype == np.uint8
    assert pixels.shape == (3, *chosen.shape)
    np.testing.assert_allclose(
        pixels.reshape(3, -1) / 255, chosen.train[:3].numpy(), atol=0.5 / 255 + 1e-6
    )
    wild = np.full((1, chosen.train.shape[1]), np.nan)
    wild[0, :2] = -5, 7
    with np.errstate(invalid="raise"):
        assert chosen.pixels(wild).reshape(-1)[:3].tolist() == [0, 255, 0]


def test_a_set_is_loaded_once_and_an_unknown_one_refused():
    assert images.load("digits") is images.load("digits")
    with pytest.raises(ValueError, match=r"dataset must be one of digits, .* Got 'cats' instead\."):
        images.load("cats")


def test_loading_images_does_not_import_scikit_learn():
    code = (
        "import sys; from explorer.data import images; images.load('digits');"
        "print([m for m in ('sklearn', 'scipy', 'torch._dynamo') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ASSETS.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_one_attribute_changes_and_nothing_else_does():
    bare = faces.compose({"skin": "tone 3"}, seed=5)
    for name, values in faces.ATTRIBUTES.items():
        other = faces.compose({"skin": "tone 3", name: values[1]}, seed=5)
        changed = (bare != other).any(axis=2)
        assert changed.any(), name
        if name != "skin":
            assert changed.mean() < 0.5


def test_glasses_are_where_the_eyes_are_and_a_hat_is_on_top():
    bare = faces.compose(seed=1)
    rows = {
        name: np.flatnonzero((faces.compose({name: value}, seed=1) != bare).any(axis=(1, 2)))
        for name, value in (("glasses", "glasses"), ("hat", "hat"), ("mouth", "happy"))
    }
    assert rows["hat"].max() < rows["glasses"].max() < rows["mouth"].min()


def test_skin_gets_darker_from_the_first_tone_to_the_last():
    tones = faces.ATTRIBUTES["skin"]
    light = [faces.compose({"skin": tone}, seed=2).mean() for tone in tones]
    assert light == sorted(light, reverse=True)
    assert light[0] > light[-1] + 10


def test_a_composed_face_is_painted_layer_upon_layer():
    """The formula, for one face by hand: skin, clothing, eyes and so on from white."""
    with np.load(faces.ATLAS) as file:
        layers = {str(n): l / 255 for n, l in zip(file["names"], file["layers"].astype(float))}
        skin = file["palette_skinColor"][0] / 255
    layer = layers["skin/skin"]
    out = 1 - layer[..., 4:] + layer[..., :3] + layer[..., 3:4] * skin
    face = faces.compose(seed=0) / 255
    cheeks = (8, slice(4, 12))  # nothing but skin is painted there
    np.testing.assert_allclose(face[cheeks], out[cheeks], atol=0.01)


def test_faces_of_one_seed_are_the_same_and_every_attribute_is_even():
    x, values = faces.labelled(2000, generator(0))
    again, _ = faces.labelled(2000, generator(0))
    np.testing.assert_array_equal(x, again)
    for column, (name, choices) in enumerate(faces.ATTRIBUTES.items()):
        share = torch.bincount(values[:, column]) / len(values)
        torch.testing.assert_close(
            share, torch.full((len(choices),), 1 / len(choices)), atol=0.05, rtol=0, msg=name
        )


def test_attributes_of_the_set_are_those_that_were_painted():
    chosen = images.load("faces")
    glasses, hat = chosen.train_attributes[:, 0], chosen.train_attributes[:, 1]
    assert torch.equal(chosen.train_labels, glasses + 2 * hat)
    rows = chosen.train.view(-1, *chosen.shape)[:, 6:8, 4:12]  # at the height of the eyes
    assert rows[glasses == 1].mean() < rows[glasses == 0].mean() - 0.05


def test_unknown_attributes_are_refused_by_name():
    with pytest.raises(ValueError, match=r"mouth must be one of sad, happy\. Got 'wry' instead\."):
        faces.compose({"mouth": "wry"})
    with pytest.raises(ValueError, match=r"attributes must be among .* Got tail instead\."):
        faces.compose({"tail": "long"})
