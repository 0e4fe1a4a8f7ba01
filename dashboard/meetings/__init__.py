"""When a cluster meets: the calendar of terms, series of meetings, clashes, the calendar feed."""
