"""Settings that suit a data set."""

from dataclasses import replace

import pytest

from explorer.concepts.diffusion.config import Config


def test_usual_settings_name_what_was_changed():
    assert Config.usual("mnist", steps=7) == replace(Config.usual("mnist"), steps=7)
    assert Config.usual("moons").dataset == "moons"
    with pytest.raises(ValueError, match="dataset must be one of"):
        Config.usual("mars")
