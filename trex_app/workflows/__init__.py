"""The shipped journeys: data, not code. `schema.json` says how a definition is written."""
