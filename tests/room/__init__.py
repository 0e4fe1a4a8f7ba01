"""Tests of the meeting's screen: its agenda, its notes, its minutes."""
