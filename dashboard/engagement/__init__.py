"""Meetings and their registers: who comes, who sends apologies, and where nobody wrote anything down."""
