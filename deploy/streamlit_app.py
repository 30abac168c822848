"""Entry point for hosts that look for requirements beside it, as Streamlit Community Cloud does."""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

sys.path.insert(0, str(Path(__file__).parents[1]))

from explorer.ui import frame
from explorer.ui.document import Document
from explorer.ui.player.polls import Polls

if __name__ == "__main__":
    frame.run()
else:
    app = st.App(__file__, middleware=[Middleware(Polls), Middleware(Document)])
