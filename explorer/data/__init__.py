"""What is real: exact distributions in the plane, and small images with known labels."""
