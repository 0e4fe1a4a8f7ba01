"""What people take away: board packs (PDF), slides (PowerPoint) and the annual review (page and Word).

`facts` reads once what a paper is about: the figures of `reports`, the sentences of the panels. `sections` puts them
into `blocks`, which `typesetting` sets as PDF and `word` as a document. No paper works out a figure of its own.
"""
