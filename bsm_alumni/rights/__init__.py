"""What alumni can ask for: who saw them, what is held, correction, dispute, restriction, erasure; and how long
anything is kept."""
