"""Reflex states; each handler is one call into the backend."""
