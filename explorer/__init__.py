"""Generative models small enough to train while you watch.

`data` is what is real, `truth` what is exact, `concepts` what is taught, `scene` and `draw`
how it looks, `runs` how it runs and is shared, `ui` how it is shown. Only `ui` imports Streamlit.
"""

import os

# A network this small loses more to thread hand-offs than it gains from a second core. The
# libraries read these when they are first imported, so nothing heavy is imported here.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
