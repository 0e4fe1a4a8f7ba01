"""What a cluster asks the advisor for, the inbox, and what was decided before (4.7, 4.17, 4.26)."""
