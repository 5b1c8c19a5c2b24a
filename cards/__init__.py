"""Records in, Adaptive Cards out: pure functions with no I/O."""
