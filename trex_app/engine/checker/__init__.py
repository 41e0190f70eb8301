"""The checker: refuses a definition that could fail while a person is walking it.

A checked set of definitions has no step that cannot be reached or left, reads no value that may
be absent, and says a text wherever a person needs one.
"""

from trex_app.engine.checker.capabilities import CapabilityNames
from trex_app.engine.checker.check import check
from trex_app.engine.source import Problem

__all__ = ["CapabilityNames", "Problem", "check"]
