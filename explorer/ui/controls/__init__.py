"""Controls that are bound to the link."""
