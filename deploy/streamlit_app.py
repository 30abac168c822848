"""Entry point for hosts that look for requirements beside it, as Streamlit Community Cloud does."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from explorer.ui import frame

frame.run()
