"""Kill -9 at a named step: bots that die, the factory and the room around them."""
