"""How things look: the theme, the one chart factory, and how a panel becomes a card. No figures of its own."""
