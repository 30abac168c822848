"""The words of a page: explanations, formulas, sources, and predictions."""
