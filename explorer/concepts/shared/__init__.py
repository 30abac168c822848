"""What two or more concepts need: one module a topic. No concept of its own."""
