"""Concerns about schools: raised, acted on step by step, reviewed, closed with a decision (3.12, 4.22–4.24)."""
