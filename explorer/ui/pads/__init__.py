"""Pads to draw on: a point of a plane, an image, strokes."""
