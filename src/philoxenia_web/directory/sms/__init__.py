"""Short answers by text message: a need and a neighbourhood in, the nearest open services out."""
