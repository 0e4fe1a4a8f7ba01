"""Who did what, for directors and administrators: a page to read and filter, and the same as a file."""
