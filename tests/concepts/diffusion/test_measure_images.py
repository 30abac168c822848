"""Scores of images: real ones score as real ones, and each score sees its fault."""

from explorer.concepts.diffusion.measure_images import classifier, metrics
from explorer.concepts.diffusion.train_images import FINAL_SAMPLES
from explorer.concepts.shared.image_grid import novelty
from explorer.data import images


def test_the_classifier_learns_from_held_out_images_and_classifies_others():
    assert classifier("digits").accuracy > 0.95
    chosen = images.load("digits")
    seen = {row.numpy().tobytes() for row in classifier("digits").centres}
    assert not seen & {row.numpy().tobytes() for row in chosen.train}


def test_real_images_score_as_real_images_do():
    chosen, evaluation = images.load("digits"), metrics("digits")
    scores = evaluation.scores(chosen.train[:FINAL_SAMPLES], chosen.train_labels[:FINAL_SAMPLES])
    assert scores.accuracy_floor[0] <= scores.accuracy <= scores.accuracy_floor[1] + 0.01
    assert scores.coverage >= scores.coverage_floor[0] - 0.01


def test_scores_see_wrong_classes_no_diversity_and_copies():
    chosen, evaluation = images.load("digits"), metrics("digits")
    real, labels = chosen.train[:FINAL_SAMPLES], chosen.train_labels[:FINAL_SAMPLES]
    assert evaluation.scores(real, (labels + 1) % 10).accuracy < 0.1
    assert evaluation.scores(real[:1].repeat(FINAL_SAMPLES, 1), labels).coverage < 0.1
    assert novelty(real, chosen.test, chosen.train)[0] < 0.05
    fresh, (low, high) = novelty(chosen.test, chosen.test, chosen.train)
    assert low <= fresh <= high
