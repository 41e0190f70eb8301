"""One file per step: the designer's room."""
