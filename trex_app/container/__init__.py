"""The only place that wires implementations, and the order in which they start and stop.

Begin in `installation.py`: it names every part. Each other file wires the parts of one capability.
"""

from trex_app.container.installation import Container, get_container
from trex_app.container.journeys import definition_folders
from trex_app.container.partners import own_partners

__all__ = ["Container", "definition_folders", "get_container", "own_partners"]
