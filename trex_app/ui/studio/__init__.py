"""The designer's studio: pages that only a developer's own server shows."""
