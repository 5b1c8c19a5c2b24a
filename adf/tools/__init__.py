"""The ADF questions, one typed function each."""
