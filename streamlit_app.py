"""Entry point: `streamlit run streamlit_app.py` (contents: explorer/ui/home/contents.py)."""

from explorer.ui import frame

frame.run()
