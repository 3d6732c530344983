"""Which needs do people have together? Choosing, counting in the protected cube, the picture, the map."""
