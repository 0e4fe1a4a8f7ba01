"""Help, in the same place on every page: what each number means, the keys, and how accessible the pages are."""
