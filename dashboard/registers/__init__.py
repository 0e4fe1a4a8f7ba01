"""Taking a register: the page for a phone, and what it writes."""
