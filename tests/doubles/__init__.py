"""Remote services on real loopback sockets, as far as the tests need them."""
