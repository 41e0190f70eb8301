"""Messaging: facts recorded with the change that made them true, and delivered to who must know."""
