"""The yearly return of a cluster’s workgroup: versions, deadlines, composition (0.1–0.17)."""
