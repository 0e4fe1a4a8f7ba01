"""Documents for people around a table: the board pack, slides, minutes and the annual review, out of the reports."""
