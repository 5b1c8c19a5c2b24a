"""The ARM wire: routes, query parsing, serialization, faults on order, tokens."""
