"""Decisions of a cluster, kept with the figures on which they were taken (1.11). Below the features: each may use it.

A page that shows figures offers `DecisionForm`, hands what it shows to `DecisionBook.note`, and draws
`decisions/list.html`. Its way back stands in `words.PAGES`.
"""
