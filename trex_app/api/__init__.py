"""The REST API and what guards the way in: one error mapping, origins, cookies, headers."""
