"""Data about people: what is held and why, how long, and how a person gets to see it or has it taken out.

`rules` says what is kept how long, `due` finds what is kept no longer, `subjects` whom an address or number means,
`traces` where else a name stands, `spelling` how it may be written. `queries` reads for pages and exports, `commands`
takes out.
"""
