"""What T-Rex costs, beside floors measured in the same run."""
