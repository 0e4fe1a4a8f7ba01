"""What happened to schools and people in a cluster: one dated table that drives who is expected (R.5)."""
