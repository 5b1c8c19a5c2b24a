"""What a POST changes in a factory: new runs, cancelled runs, started and stopped triggers."""
