"""Renderers of scenes: wire format of the player, plotly, pillow; and the palette they share."""
