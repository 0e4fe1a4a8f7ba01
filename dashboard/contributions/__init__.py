"""What schools put in themselves, and money from outside the programme (1.4, 2.4, 2.5, 4.4, 4.21)."""
