"""The parts cards are made of, one way each."""
