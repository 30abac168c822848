"""Predictions that a comparison decides: which family will be nearest, farthest, slowest."""

from numpy import nan_to_num

from explorer.concepts.arena import families
from explorer.concepts.arena.budget import sampling
from explorer.concepts.arena.config import Config
from explorer.concepts.arena.measure import evaluation_of
from explorer.concepts.arena.ranking import distance, ranking
from explorer.concepts.arena.train import Snapshot

Asked = tuple[str, list[tuple[str, bool, str]], bool]  # question, choices, whether to reveal


def name(config: Config) -> str:
    """The name of the questions: other families or other data make them new ones."""
    included = config.included
    few = f"-{config.examples}" if config.few else ""
    some = "" if len(included) == len(families.FAMILIES) else "-" + "-".join(included)
    return f"arena-{config.dataset[:9]}{few}{some}"


def questions(config: Config, snapshot: Snapshot | None) -> list[Asked]:
    """The questions with their answers; nothing is revealed before the run is over."""
    over = snapshot is not None and snapshot.over
    order = ranking(snapshot) if snapshot is not None and over else []
    distances = {state.key: distance(state) for state in order}
    first, last = (order[0].key, order[-1].key) if order else (config.included[0], "")
    limit = evaluation_of(config.dataset).floors["distance"][1] if order else 0.0
    within = {key for key, value in distances.items() if value <= limit}

    def reason(key: str) -> str:
        if key not in distances:
            return ""
        text = f"Its distance is {distances[key]:.3f}."
        if key in within and len(within) > 1:
            text += " That is within the noise floor of fresh data, as are others: a tie."
        return text

    def asked(right: str) -> list[tuple[str, bool, str]]:
        right = right or config.included[-1]
        return [(families.LABELS[key], key == right, reason(key)) for key in config.included]

    speed = {key: sampling(key, config.dataset) for key in config.included}
    slowest = max(speed, key=lambda key: nan_to_num(speed[key]))
    by_speed = [
        (families.LABELS[key], key == slowest, f"{ms:.3g} ms of CPU time for 1,000 samples.")
        for key, ms in speed.items()
    ]
    return [
        ("Which family will have the smallest distance from the data?", asked(first), over),
        ("Which family will have the largest distance from the data?", asked(last), over),
        ("Which family takes longest to draw samples?", by_speed, over),
    ]
