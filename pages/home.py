"""Home: what this is, the map of all concepts, and where to start."""

from explorer import ui

ui.page("home")
