"""Charts of money. Each is a function of frames; nothing else is in scope."""
