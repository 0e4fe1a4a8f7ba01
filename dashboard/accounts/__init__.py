"""Who can sign in and what they were trusted with, links for a meeting's screen, consent to an open book."""
