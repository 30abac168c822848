"""What `pytest --changed` leaves out cannot be broken by the files that changed."""

import pytest

from tests.conftest import NAMES, concepts_of


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["explorer/concepts/gan/model.py", "pages/text.py"], {"gan", "text"}),
        (["explorer/concepts/flows/page.md", "README.md"], {"flows"}),
        (["tests/concepts/arena/test_train.py", "tests/formulas/metrics.py"], {"arena", "metrics"}),
        (["explorer/ui/page.py", "docs/benchmarks.md"], set()),
        (["explorer/concepts/gan/model.py", "explorer/optim.py"], NAMES),
        (["explorer/concepts/shared/vae.py"], NAMES),
        (["assets/claims.json"], NAMES),
        ([], NAMES),
    ],
)
def test_a_file_touches_its_own_concept_and_a_common_one_all(files, expected):
    assert concepts_of(files) == expected
