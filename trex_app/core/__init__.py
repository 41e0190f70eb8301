"""What every room may use: settings, errors, values, clock, crypto, telemetry."""
