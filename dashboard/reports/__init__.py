"""One cluster, or all of them, in numbers: the features' queries brought together, for files and pages."""
