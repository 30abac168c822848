"""A family is recommended by the metrics of what is required, measured or recorded."""

from explorer.concepts.arena import recommendation, record
from explorer.concepts.arena.measure import Scores


def scores(distance, precision, bits):
    return (Scores(distance, precision, 0.9, 0.9, bits, 100, 10),)


def test_the_family_that_is_better_at_everything_required_is_recommended(monkeypatch):
    table = {"mixture": scores(0.1, 0.9, 0.5), "kernel": scores(0.2, 0.8, 0.7)}
    monkeypatch.setattr(record, "everything", lambda: {"ring": table})
    advised = recommendation.recommend(["likelihood", "sharpness"], "ring", None)
    assert advised.words.startswith("**Recommended:** **mixture**")
    assert [row["family"] for row in advised.rows] == ["mixture", "kernel density"]


def test_families_that_are_equally_good_are_both_named(monkeypatch):
    table = {"mixture": scores(0.1, 0.9, 0.7), "kernel": scores(0.2, 0.8, 0.5)}
    monkeypatch.setattr(record, "everything", lambda: {"ring": table})
    words = recommendation.recommend(["likelihood", "sharpness"], "ring", None).words
    assert "**mixture** (" in words
    assert " or **kernel density** (" in words


def test_a_family_that_lacks_what_is_required_is_left_out(monkeypatch):
    table = {"gan": scores(0.01, 1.0, float("nan")), "kernel": scores(0.2, 0.8, 0.7)}
    monkeypatch.setattr(record, "everything", lambda: {"ring": table})
    advised = recommendation.recommend(["likelihood", "sharpness"], "ring", None)
    assert advised.words.startswith("**Recommended:** **kernel density**")
    assert "GAN" in advised.words.partition("Left out")[2]


def test_a_family_that_cannot_learn_the_data_is_not_recommended_by_the_record_of_others(
    monkeypatch,
):
    table = {"flow": scores(0.01, 1.0, 0.1), "kernel": scores(0.2, 0.8, 0.7)}
    monkeypatch.setattr(record, "everything", lambda: {"digits": table})
    for dataset, best in (("digits", "normalizing flow"), ("faces", "kernel density")):
        words = recommendation.recommend(["sharpness"], dataset, None).words
        assert words.startswith(f"**Recommended:** **{best}**")
