"""The grid of noise is refined until no gap is left."""

import torch

from explorer.concepts.flows.grid import GAP, LINES, lattice, refined
from tests.concepts.flows.untrained import wild


def test_the_grid_has_no_gaps_and_lies_on_its_lines():
    flow = wild("spline", scale=0.3)
    grid, x = refined(flow.inverse)
    torch.testing.assert_close(flow.inverse(grid.noise), x)
    assert len(x) > len(lattice().noise), "a flow that stretches needs more points"
    same = grid.line[1:] == grid.line[:-1]
    assert (x[1:] - x[:-1]).norm(dim=1)[same].max() <= 3 * GAP
    drawn = torch.tensor(grid.drawn(x))
    assert drawn.isnan().any(1).sum() == 2 * LINES - 1
    known = lattice()
    for number in range(2 * LINES):
        own, first = grid.noise[grid.line == number], known.noise[known.line == number]
        across, along = (0, 1) if number < LINES else (1, 0)
        assert (own[:, across] - first[0, across]).abs().max() < 1e-6
        assert (own[1:, along] > own[:-1, along]).all()
