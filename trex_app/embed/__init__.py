"""Build steps of the browser bundle: what is prerendered, and where the bundle finds its server."""
