"""Every card with typical and with hostile data, to look at and to hold by tests."""
