"""The headteacher's ten minutes: what waits for one school, what its cluster did for it, and a page for governors."""
