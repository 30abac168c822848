"""Fair turns, without a clock: what they cost is drawn, and counted."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from explorer.runs.turns import Turns

LEAD = 0.066


@dataclass(eq=False)
class Run:
    """What takes turns that cost `costs`, over and over; `from_` is when it comes, in turns."""

    costs: list[float]
    from_: int = 0
    rests: tuple[int, int] = (0, 0)
    turn: float = 0.0
    had: list[float] = field(default_factory=list)

    def wants(self, now: int) -> bool:
        return now >= self.from_ and not self.rests[0] <= now < self.rests[1]


def serve(runs: list[Run], turns: int) -> list[list[float]]:
    """Seconds that each had, by number of turns."""
    order, told = Turns(LEAD), [[0.0] * len(runs)]
    for now in range(turns):
        run = order.next([each for each in runs if each.wants(now)])
        if run:
            cost = run.costs[len(run.had) % len(run.costs)]
            run.had.append(cost)
            order.served(run, cost)
        told.append([sum(each.had) for each in runs])
    return told


costs = st.lists(st.floats(0.001, 0.4), min_size=1, max_size=5)
some = st.lists(st.builds(Run, costs, st.sampled_from([0, 20, 40])), min_size=2, max_size=12)


@given(some, st.integers(41, 120))
def test_over_any_stretch_two_runs_differ_by_a_slice_of_each_and_the_lead(runs, start):
    told = serve(runs, 200)
    gained = [now - before for now, before in zip(told[-1], told[start], strict=True)]
    for a, one in zip(gained, runs, strict=True):
        for b, other in zip(gained, runs, strict=True):
            assert a - b <= max(one.costs) + max(other.costs) + LEAD + 1e-9


def test_thirty_equal_runs_come_as_far_as_each_other_however_they_came():
    """Each begins with a turn that costs as much as four others, as a run that builds its model."""
    come = [0] + [100] * 15 + list(range(130, 172, 3))
    runs = [Run([0.15] + [0.035] * 999, from_=at) for at in come]
    there = 170 + 30  # all came, and had a first turn
    told = serve(runs, there + 30 * 10)
    gained = [now - before for now, before in zip(told[-1], told[there], strict=True)]
    assert max(gained) <= 2 * min(gained)


def test_whoever_is_late_is_next_and_takes_no_more_than_the_lead_from_the_others():
    runs = [Run([0.035]) for _ in range(5)]
    late = Run([0.035], from_=1000)
    told = serve([*runs, late], 1060)
    assert told[1001][-1] > 0, "it has the very next turn"
    at_most = max(now - before for now, before in zip(told[-1][:5], told[1000][:5], strict=True))
    assert told[-1][-1] <= at_most + 2 * 0.035 + LEAD


def test_whoever_rests_saves_up_nothing():
    busy, rested = Run([0.035]), Run([0.035], rests=(10, 500))
    told = serve([busy, rested], 540)
    assert told[-1][1] - told[500][1] <= told[-1][0] - told[500][0] + 2 * 0.035 + LEAD


def test_nobody_is_served_when_nobody_wants_to_be():
    assert Turns(LEAD).next([]) is None
