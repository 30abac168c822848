"""The player of runs, the frame to look at closely, and the frames it is sent."""
