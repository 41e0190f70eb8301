"""Page frames and the server that carries them."""
