"""The journeys as plain HTML: forms that the server draws, for browsers without JavaScript."""
