"""The pictures of all experiments on the latent space."""

import pytest

from explorer.concepts.latent_space import EXPERIMENTS, scene
from explorer.runs import finish
from explorer.scene import gathered
from tests.concepts.latent_space.runs import trained


@pytest.mark.parametrize("key", [key for key, each in EXPERIMENTS.items() if each.after])
def test_what_is_done_with_a_model_is_drawn_in_panels_that_do_not_change(key):
    experiment = EXPERIMENTS[key]
    snapshots, _ = finish(experiment.process(experiment.Config(), trained()[1]))
    scenes = [experiment.scene(snapshot) for snapshot in snapshots]
    assert len({tuple((p.title, p.xlim, p.ylim, p.span) for p in s.panels) for s in scenes}) == 1
    assert all(reading.floor is not None for each in scenes for reading in each.readings)


def test_the_curves_of_a_run_have_a_point_for_each_frame():
    snapshots, _ = trained()
    panels = {panel.title: panel for panel in gathered([scene(each) for each in snapshots]).panels}
    chart = panels["ELBO, a lower bound on log p(x)"]
    curves = {curve.name: curve.xy for curve in chart.marks}
    steps = [each.step for each in snapshots]
    for name in ("reconstruction term", "training", "test"):
        assert curves[name][:, 0].tolist() == steps
    fit, kl = snapshots[-1].test
    assert curves["test"][-1, 1] == pytest.approx(fit - kl)


def test_a_large_beta_collapses_every_dimension_and_the_sentence_says_so():
    snapshots, _ = trained(beta=16.0, warmup=0.0, latent_dim=4, steps=400)
    last = snapshots[-1]
    assert last.active == 0
    assert last.elbo == pytest.approx(last.subset.data_mean_elbo, abs=0.3)
    assert "collapse" in scene(last).sentence
