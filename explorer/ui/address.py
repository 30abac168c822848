"""The address of the page and the browser's history: one entry for each act of the visitor."""

from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.ui.classroom import visit
from explorer.ui.component import component
from explorer.ui.home.contents import entry

_address = component("address")


def address() -> None:
    """Watch over the browser's history, and hear who leads a class; before anything else."""
    with st.container(key="linked-address"):
        found = _address(
            key="address",
            data={"host": visit.host(), "left": visit.left()},
            default={"host": ""},
            on_host_change=lambda: None,
        ).host
    if visit.lead(found):
        st.rerun()


def restore(page: str) -> None:
    """On the way back from another page: what the link says of settings that both pages have.

    Streamlit takes what the page that is left had bound out of the link of the one that is shown.
    """
    run = get_script_run_ctx()
    if run is None or not run.is_history_navigation:
        return
    given = parse_qsl(run.query_string, keep_blank_values=True)
    asked = {key: value for key, value in given if not key.startswith("embed")}  # Streamlit's own
    if set(asked) - set(st.query_params):
        st.switch_page(entry(page).path, query_params=asked)
