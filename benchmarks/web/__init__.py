"""The screens in a browser: bytes, paints and step changes, beside the same journey in MUI."""
