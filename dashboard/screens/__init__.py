"""The pages. Each chooses and orders panels for one kind of reader; none holds a query or a figure of its own."""
