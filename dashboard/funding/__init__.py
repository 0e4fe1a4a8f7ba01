"""Allocations and the ledger: who holds the money, what was given, committed and spent."""
