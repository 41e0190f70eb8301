"""Sagas: what goes on after a submit, as durable jobs that survive any crash."""
