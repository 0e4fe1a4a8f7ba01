"""Development plans: targets of eight cells, their criteria and evidence, and the aims they serve."""
