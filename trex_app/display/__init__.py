"""A step as plain values, ready to be drawn: what the pages and the plain HTML journeys share."""
