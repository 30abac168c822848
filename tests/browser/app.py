"""The player alone on a page: `streamlit run tests/browser/app.py` in the root of the project."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))
from explorer.ui.player.player import play, watch
from tests.browser.everything import Config, again, process, scene

st.set_page_config(layout="wide")
st.html("<style>[class*='st-key-linked-'] { display: none; }</style>")
st.title("Demo", anchor=False)
seed = st.slider("seed", 0, 100, 0, key="seed", bind="query-params")
late = st.slider("late", 0, 4000, 0, 2000, key="late", bind="query-params")
asked = st.query_params
steps, cost = int(asked.get("steps", 300)), int(asked.get("cost", 30))
fails = 0 if st.checkbox("fails at once") else 30 if "fails" in asked else -1
config = Config(seed, steps, cost, fails, late)
moved = st.toggle("elsewhere")
with st.container(key="elsewhere") if moved else st.empty().container():
    views = {"all": "Everything", "two": "Two panels", "growing": "Growing"}
    job = watch(process, config, key="run")
    play(job, scene, key="run", views=views)
st.write("the page goes on with:", str(job.model))
if "second" in asked:
    play(watch(again, config, job, key="second"), scene, key="second")
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.write(f"page runs: {st.session_state['runs']}")
