"""Generative and discriminative models: how close both come to the Bayes error, and the time.

Seconds are CPU seconds of this thread. Errors are above the Bayes error, on fresh points that count
with their exact posterior.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

import torch

from benchmarks.row import Row
from explorer.concepts.decision_boundaries import Config, train
from explorer.concepts.decision_boundaries.filter_learning_curves import (
    FilterLearningCurvesConfig,
    filter_learning_curves,
)
from explorer.concepts.decision_boundaries.learning_curves import (
    half_width,
    learning_curves,
    learning_curves_config,
)
from explorer.concepts.decision_boundaries.measure import expected_error, labelled, problem
from explorer.concepts.decision_boundaries.model import Model
from explorer.concepts.decision_boundaries.train import Recorder
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.distances import sliced_wasserstein
from explorer.truth.floors import noise_floor
from explorer.truth.plane import posterior

SEEDS, FRESH = range(3), 40_000


def rows() -> list[Row]:
    return [*default_run(), *assumptions(), *who_wins()]


def spent(work: Callable[[], object]) -> float:
    """CPU seconds of this thread."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def default_run() -> list[Row]:
    """The page's first run: time, the share that recording takes, and both models at its end."""
    config = Config()
    problem.cache_clear()
    first = spent(lambda: next(train(config)))
    seconds, records, net, mixture, distance = [], [], [], [], []
    truth = problem(config.dataset, config.classes, config.overlap)
    for seed in SEEDS:
        own = replace(config, seed=seed)
        start = time.thread_time()
        snapshots, model = finish(train(own))
        seconds.append(time.thread_time() - start)
        records.append(recording(own, model, len(snapshots)) / seconds[-1])
        net.append(excess(config, model, "discriminative"))
        mixture.append(excess(config, model, "generative"))
        samples, real = model.sample(10_000, seed), truth.source.sample(10_000, generator(seed))
        distance.append(sliced_wasserstein(samples, real))
    floor = noise_floor("sliced_wasserstein", truth.source, 10_000, directions=64)
    return [
        Row("Boundaries: seconds", seconds, 6.0, note="default run, recording included"),
        Row("Boundaries: share of time for recording", records, 0.15, floor="0"),
        Row("Boundaries: first frame of new data, s", [first], 0.4),
        Row("Boundaries, moons: network above the Bayes error", net, 0.02, floor="0"),
        Row("Boundaries, moons: mixture above the Bayes error", mixture, 0.02, floor="0"),
        Row("Boundaries, moons: SWD of samples", distance, 0.15, floor=f"{floor.mean:.4f}"),
    ]


def recording(config: Config, model: Model, times: int) -> float:
    """CPU seconds of so many snapshots of both models."""
    truth = problem(config.dataset, config.classes, config.overlap)
    x, y = labelled(truth.source, config.labels, generator(config.seed))
    recorder = Recorder(config, truth, x, y, x)
    pair = (model.generative, model.semi_supervised)

    def work() -> None:
        for step in range(times):
            recorder.record(step, len(x), model.discriminative, pair)

    return spent(work)


@torch.no_grad()
def excess(config: Config, model: Model, which: str) -> float:
    """The error of a model above the Bayes error, on the same points."""
    source = problem(config.dataset, config.classes, config.overlap).source
    x = source.sample(FRESH, generator(99))
    exact = posterior(source, x)
    p = torch.from_numpy(model.posterior(x.numpy(), which).copy())
    return (expected_error(p, exact) - (1 - exact.amax(1))).mean().item()


def assumptions() -> list[Row]:
    """A true assumption, with many and with few labels; a wrong one."""
    true = Config(dataset="gaussians", overlap=0.0, generative="qda", discriminative="logistic")
    many = [ended(replace(true, labels=2048, seed=seed)) for seed in SEEDS]
    few = [ended(replace(true, labels=8, unlabelled=1000, seed=seed)) for seed in SEEDS]
    false = Config(dataset="circles", generative="lda", discriminative="logistic")
    lines = [ended(replace(false, seed=seed)) for seed in SEEDS]
    return [
        Row(
            "Boundaries, Gaussians: QDA above the Bayes error, 2,048 labels",
            [excess(true, model, "generative") for model in many],
            0.003,
            floor="0",
        ),
        Row(
            "Boundaries, Gaussians: the same, 8 labels and 1,000 points without",
            [
                excess(true, replace(model, generative=model.semi_supervised), "generative")
                for model in few
            ],
            0.02,
            floor="0",
        ),
        Row(
            "Boundaries, circles: LDA above the Bayes error",
            [excess(false, model, "generative") for model in lines],
            0.2,
            "high",
            floor="0",
            note="a wrong assumption is meant to fail",
        ),
    ]


def ended(config: Config) -> Model:
    return finish(train(replace(config, steps=600)))[1]


def who_wins() -> list[Row]:
    """Naive Bayes against logistic regression (exact errors), and what the plane's curves cost."""
    early, late = [], []
    for seed in SEEDS:
        logistic, naive = finish(filter_learning_curves(FilterLearningCurvesConfig(seed=seed)))[1]
        gap = logistic - naive
        mean, half = gap.mean(axis=0), half_width(gap)
        early.append(float(mean[0] - half[0]))
        late.append(float(mean[-1] + half[-1]))
    repeat = learning_curves_config(Config(), 20)
    return [
        Row(
            "Spam filter: naive Bayes ahead with 8 mails, end of the 95 % interval",
            early,
            0.0,
            "high",
            note="80 repetitions",
        ),
        Row("Spam filter: logistic regression ahead with 2,048", late, 0.0, "low", note="the same"),
        Row(
            "Boundaries: a repetition of the learning curves, s",
            [spent(lambda: list(islice(learning_curves(repeat), 4))) / 3],
            0.5,
            note="network against mixture, 4 to 256 labels",
        ),
    ]
