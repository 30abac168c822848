"""The diagram shows the network as it is."""

import numpy as np

from explorer.concepts.neural_networks import Config, scene, train
from explorer.concepts.neural_networks.diagram import link_names, places
from explorer.runs import finish
from explorer.scene import Links, Maps


def test_links_and_maps_are_the_weights_and_outputs_of_the_model():
    config = Config(steps=30, layers=3, units_3=2)
    snapshots, model = finish(train(config))
    marks = scene(snapshots[-1]).panels[0].marks
    links = next(mark for mark in marks if isinstance(mark, Links))
    maps = next(mark for mark in marks if isinstance(mark, Maps))
    at = links.labels.index("weight from unit 3 of layer 1 to unit 2 of layer 2")
    assert links.values[at] == np.float32(model.network.layers[1].weight[2, 1])
    assert len(maps.values) == sum(config.sizes)
    assert len(links.values) == len(link_names(config)) == 2 * 4 + 4 * 4 + 4 * 2 + 2
    output = model.predict(np.array([[0.0, 0.0]]))[0]
    assert abs((maps.values[-1][9:11, 9:11].mean() + 1) / 2 - output) < 0.1


def test_units_of_a_diagram_do_not_touch():
    for sizes in ((7, 8, 8, 8, 8, 8, 8, 1), (1, 1), (2, 4, 4, 1)):
        at = np.concatenate(places(sizes))
        gaps = np.abs(at[:, None] - at[None]).max(-1) + 9 * np.eye(len(at))
        assert gaps.min() >= 1 - 1e-6
