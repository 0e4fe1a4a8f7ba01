"""How schools see themselves, what they share, and how working together goes (1.15, 1.16, 1.19, 3.10)."""
