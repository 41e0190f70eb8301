"""What T-Rex can do, as plain calls: the REST API, the pages and the CLI all come through here."""
