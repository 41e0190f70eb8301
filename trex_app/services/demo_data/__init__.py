"""Demonstration data: invented dealers at real places, selling real models at plausible prices."""

from trex_app.services.demo_data.loading import load, load_if_empty

__all__ = ["load", "load_if_empty"]
