"""The wire contract as types, in camelCase."""
