"""Projects and working groups: lead, schools, topics, outcomes, who took part (1.14, 1.17, 1.18, 1.20, 1.21)."""
