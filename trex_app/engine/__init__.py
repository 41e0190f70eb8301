"""The workflow engine: it decides, and touches nothing.

Definitions come in (`loader`, `checker`), are compiled (`program`), and `machine` decides what a
start, submit, back or goto does to a `session`. Reading, waiting and saving happen in services.
"""
