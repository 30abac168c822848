"""What a class has in common: the teacher's lesson, rooms, answers, the board."""
