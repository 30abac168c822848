"""What is exact: distances with their noise floors, and the best that any model could do."""
