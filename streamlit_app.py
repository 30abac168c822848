"""Entry point: `streamlit run streamlit_app.py` (table of contents: explorer/ui/contents.py)."""

from explorer.ui import frame

frame.run()
