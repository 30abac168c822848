"""Entry point: `streamlit run streamlit_app.py` (contents: explorer/ui/home/contents.py).

The server imports this file for its `app`; every run of a page executes it as a script.
"""

import streamlit as st
from starlette.middleware import Middleware

from explorer.ui import frame
from explorer.ui.document import Document
from explorer.ui.player.polls import Polls

if __name__ == "__main__":
    frame.run()
else:
    app = st.App(__file__, middleware=[Middleware(Polls), Middleware(Document)])
