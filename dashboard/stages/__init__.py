"""Where a cluster stands on its way: stages, the gates between them, independence (3.15, 3.17, 4.2, 4.3)."""
