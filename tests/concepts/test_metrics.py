"""What the page claims of each metric: what it notices, where it is blind, what its floor means."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from explorer.concepts import metrics
from explorer.concepts.metrics.corpus import corpus
from explorer.concepts.metrics.judge import ALPHABET, letters, vectors
from explorer.concepts.metrics.league import JUDGES, gaussians
from explorer.concepts.metrics.marks import PICTURES, WORDS, scale
from explorer.concepts.metrics.pictures import Pictures, blurred, picture_values
from explorer.concepts.metrics.reader import FILES, SETS, parts, reader, taught
from explorer.concepts.metrics.sentences import Sentences, sentence_values
from explorer.concepts.metrics.shipped import shipped
from explorer.concepts.metrics.sizes import Normals
from explorer.concepts.metrics.synonyms import SYNONYMS
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.distances import frechet_distance

N = 200
every_set = pytest.mark.parametrize("name", SETS)
seeds = pytest.mark.parametrize("seed", [0, 1])


@cache
def pictures(seed=0, name="digits"):
    return Pictures(name, N, seed)


@cache
def book(seed=0):
    return Sentences(N, seed)


def alarms(chosen, damage, strength):
    found = chosen.scale.alarm(chosen.measure(chosen.spoilt(damage, strength)))
    return dict(zip([metric.key for metric in chosen.metrics], found, strict=True))


# The eyes.


@every_set
def test_the_three_parts_of_a_set_share_no_picture(name):
    known = parts(name)
    rows = torch.cat([taught(name)[0], known.seen, known.fresh])
    sizes = {len(taught(name)[0]), len(known.seen), len(known.fresh)}
    assert len(sizes) == 1
    twins = len(rows) - len(torch.unique(rows, dim=0))
    assert twins <= 2  # the same picture may stand twice in the original


@pytest.mark.parametrize(("name", "least"), [("digits", 0.95), ("mnist", 0.96), ("fashion", 0.84)])
def test_the_classifier_reads_pictures_that_it_has_never_seen(name, least):
    known = parts(name)
    for x, labels in ((known.seen, known.seen_labels), (known.fresh, known.fresh_labels)):
        seen = reader(name).see(x)
        assert (seen.probabilities.argmax(1) == labels).double().mean() > least
        torch.testing.assert_close(seen.probabilities.sum(1), torch.ones(len(x)))
    assert seen.features.shape == (len(x), 64)


@every_set
def test_the_weights_are_plain_arrays_and_small(name):
    assert (FILES / f"{name}.npz").stat().st_size < 250_000
    with np.load(FILES / f"{name}.npz", allow_pickle=False) as archive:
        assert {archive[key].dtype for key in archive.files} == {np.dtype(np.float16)}


@pytest.mark.parametrize("context", ["\n\n\n\n\n", "whale", "zzqzx", "the w"])
def test_the_judge_of_words_gives_the_letters_shares_that_add_up_to_one(context):
    shares = [letters().probability(context, letter) for letter in ALPHABET]
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0


def test_the_judge_has_read_none_of_the_other_chapters():
    known = corpus()
    three = (known.judge, known.seen, known.fresh)
    judge, seen, fresh = ({words for words in part if len(words) > 10} for part in three)
    assert not judge & seen
    assert not judge & fresh
    assert not seen & fresh
    own = letters().log_probabilities(known.judge[0]).mean()
    assert own > letters().log_probabilities(known.fresh[0]).mean()


def test_synonyms_are_nearer_than_words_by_chance():
    known, rng = vectors(), np.random.default_rng(0)
    near = [known[a] @ known[b] for a, b in SYNONYMS.items() if a in known and b in known]
    table = np.stack(list(known.values())[:1000])
    np.testing.assert_allclose(np.linalg.norm(table, axis=1), 1, atol=2e-3)
    one, other = rng.integers(0, 1000, (2, 3000))
    chance = (table[one] * table[other]).sum(1)
    assert np.mean([(each > chance).mean() for each in near]) > 0.7


# The damage.


@pytest.mark.parametrize("damage", metrics.DAMAGES["pictures"])
def test_pictures_that_are_not_spoilt_are_the_perfect_ones(damage):
    chosen = pictures()
    made = chosen.spoilt(damage, 0.0)
    ours, theirs = (torch.sort(x.sum(1)).values for x in (made.x, chosen.perfect))
    torch.testing.assert_close(ours, theirs)
    assert len(chosen.spoilt(damage, 1.0).x) == N
    assert chosen.spoilt(damage, 1.0).x.min() >= 0
    assert chosen.spoilt(damage, 1.0).x.max() <= 1


@pytest.mark.parametrize("damage", metrics.DAMAGES["words"])
def test_sentences_that_are_not_spoilt_are_the_perfect_ones(damage):
    assert book().spoilt(damage, 0.0).lines == book().perfect
    assert len(book().spoilt(damage, 1.0).lines) == N
    assert all(book().spoilt(damage, 1.0).lines)


def test_blur_keeps_the_middle_of_a_dot_and_all_of_its_ink():
    dot = torch.zeros(1, 81)
    dot[0, 40] = 1
    smeared = blurred(dot, (9, 9), 1.0)
    assert smeared.sum().item() == pytest.approx(1, abs=1e-2)
    assert smeared.argmax() == 40
    assert smeared[0, 40].item() == pytest.approx(1 / (2 * np.pi), rel=0.02)


def test_lost_classes_are_lost_and_copies_are_copies():
    chosen = pictures()
    rows = chosen.spoilt("drop", 1.0).x
    known = chosen.parts
    labels = [
        int(known.fresh_labels[(known.fresh == row).all(1).nonzero()[0, 0]]) for row in rows[:40]
    ]
    assert min(labels) == 5
    assert len(torch.unique(chosen.spoilt("alike", 1.0).x, dim=0)) == 10
    copies = chosen.spoilt("memorise", 1.0).x
    torch.testing.assert_close(copies, chosen.real)


def test_shuffled_words_are_the_same_words_and_a_loop_repeats_three():
    for line, original in zip(book().spoilt("shuffle", 1.0).lines, book().perfect):
        assert sorted(line) == sorted(original)
    for line, original in zip(book().spoilt("loop", 1.0).lines, book().perfect):
        assert len(line) == len(original)
        assert line[-1] == line[-4]


# Who notices, and who is blind.


@seeds
def test_of_perfect_sets_hardly_any_metric_complains(seed):
    for chosen in (pictures(seed), book(seed)):
        found = chosen.scale.alarm(chosen.measure(chosen.spoilt("alike", 0.0)))
        assert np.nanmax(np.abs(found)) < 1.5


@seeds
def test_only_novelty_objects_to_a_memoriser(seed):
    found = alarms(pictures(seed), "memorise", 1.0)
    assert found.pop("novelty") > 5
    assert all(alarm < 1 for alarm in found.values() if np.isfinite(alarm))
    assert found["frechet"] < -1  # better than perfect
    words = alarms(book(seed), "memorise", 1.0)
    assert words.pop("copied") > 50
    assert all(alarm < 1.5 for alarm in words.values() if np.isfinite(alarm))


@seeds
def test_lost_classes_are_seen_by_recall_and_coverage_not_by_precision_and_density(seed):
    found = alarms(pictures(seed), "drop", 1.0)
    assert min(found["recall"], found["coverage"], found["frechet"]) > 3
    assert max(found["precision"], found["density"]) < 1


@seeds
def test_strong_blur_is_seen_by_every_metric_of_quality(seed):
    found = alarms(pictures(seed), "blur", 1.0)
    assert min(found[key] for key in ("frechet", "kernel", "inception", "precision")) > 3


@seeds
def test_single_words_do_not_notice_that_their_order_is_lost(seed):
    found = alarms(book(seed), "shuffle", 1.0)
    assert abs(found["rouge1"]) < 1e-6
    assert found["soft"] < 0.1
    assert min(found["bleu"], found["rouge2"], found["bits"], found["perplexity"]) > 3


@seeds
def test_perplexity_hardly_minds_a_loop_and_distinct_pairs_do(seed):
    found = alarms(book(seed), "loop", 1.0)
    assert found["perplexity"] < 1.5
    assert found["distinct2"] > 10


@seeds
def test_the_soft_match_forgives_synonyms_more_than_rouge_does(seed):
    values = dict(zip([m.key for m in WORDS], book(seed).measure(book(seed).spoilt("synonyms", 1))))
    assert values["rouge1"] + 0.02 < values["soft"] < 1


def test_metrics_of_pairs_are_silent_where_there_are_no_pairs():
    values = pictures().measure(pictures().spoilt("drop", 0.5))
    assert [np.isnan(v) for v in values] == [metric.paired for metric in PICTURES]


def test_an_alarm_of_one_is_the_edge_of_the_floor():
    values = np.array([[10.0 + 0.1 * k, 0.5, *np.zeros(8)] for k in range(-3, 4)])
    ruler = scale(PICTURES, values)
    floor = ruler.floors[0]
    row = np.zeros(len(PICTURES))
    for edge, alarm in ((floor.high, 1), (floor.mean, 0), (floor.low, -1)):
        assert ruler.alarm(np.array([edge, *row[1:]]))[0] == pytest.approx(alarm, abs=1e-6)


@pytest.mark.parametrize(("name", "measure"), [
    ("digits", lambda n: picture_values("digits", n)), ("moby", sentence_values),
])  # fmt: skip
def test_the_floors_that_ship_are_those_that_are_measured(name, measure):
    found, there = measure(50), shipped(name, 50)
    np.testing.assert_allclose(there, found, rtol=0.01, atol=0.01)
    assert shipped(name, 51) is None


@pytest.mark.parametrize("name", metrics.DATA)
def test_floors_ship_for_every_number_of_samples_of_the_slider(name):
    kinds = len(WORDS if name == "moby" else PICTURES)
    for n in range(50, 1001, 50):
        count = replace(metrics.Config(name, "alike"), samples=n).count
        assert shipped(name, count).shape == (40, kinds)


# The other stages.


def test_the_normals_of_known_distance_are_at_that_distance():
    x = torch.randn(500, 5, generator=generator(0))
    normals = Normals(x, 1.5 * x + 0.3)
    a, b = normals.sample(60_000, generator(1))
    assert frechet_distance(a, b) == pytest.approx(normals.exact, rel=0.02)


def test_a_distance_judged_by_few_is_larger_and_extrapolates_towards_zero():
    stops, _ = finish(metrics.sizes(metrics.SizesConfig("digits")))
    last = stops[-1]
    means = last.figures[:, 0, 0]
    assert means[0] > 3 * means[-1] > 0
    assert abs(last.endless) < means[-1]
    assert [s.step for s in stops] == last.sizes.tolist()
    kernel = last.figures[:, 2]
    assert (kernel[:, 1] < 0).all()
    assert (kernel[:, 2] > 0).all()
    assert metrics.sizes_scene(last).sentence


@seeds
def test_the_memoriser_wins_the_frechet_distance_and_is_last_in_novelty(seed):
    stops, _ = finish(metrics.league(metrics.LeagueConfig("digits", samples=N, seed=seed)))
    assert len(stops) == len(JUDGES)
    by_judge = {JUDGES[s.step].key: [s.makers[i] for i in s.order()] for s in stops}
    assert by_judge["frechet"][0] == "memoriser"
    assert by_judge["novelty"][-1] == "memoriser"
    floor = stops[0].scale.floors[0]
    assert stops[0].values[1, 0] < floor.low < stops[0].values[0, 0]
    assert "memoriser" in metrics.league_scene(stops[0]).sentence


def test_the_gaussians_have_the_mean_of_the_training_pictures():
    chosen = pictures()
    assert (gaussians(chosen, 0).mean(0) - chosen.parts.seen.mean(0)).abs().max() < 0.2


def test_words_have_a_run_and_a_picture_in_every_view():
    config = metrics.Config("moby", "loop", samples=60, steps=2)
    stops, model = finish(metrics.train(config))
    assert [s.step for s in stops] == [0, 1, 2]
    for view in metrics.VIEWS:
        assert metrics.scene(stops[-1], view).sentence
    assert len(model.sample(5, 1)) == 5


def test_a_damage_of_words_is_no_damage_of_pictures():
    with pytest.raises(ValueError, match=r"damage must be one of blur.* Got 'loop' instead\."):
        metrics.Config("mnist", "loop")
    with pytest.raises(ValueError, match="damage must be one of shuffle"):
        metrics.Config("moby", "blur")
    assert replace(metrics.Config("digits"), samples=1000).count == 250
