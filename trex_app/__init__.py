"""T-Rex: guided journeys that are data, decided by a workflow engine and drawn by Python steps."""

__version__ = "0.1.0"
