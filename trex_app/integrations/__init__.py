"""Outside partners: one file each, all of them through the gateway."""
