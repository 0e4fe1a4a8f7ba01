"""Fills an empty store with illustrative data of any size, the same rows for the same arguments.

`write` runs it all; `plan` holds sizes and time; `places`, `engagement`, `plans` and `funding` make up one cluster at
a time; `rows` collects what they make; `words` is what they say. No name here is a real school's and no figure is real.
"""

from dashboard.generate.plan import GenerateRefused, SizesRefused
from dashboard.generate.write import GeneratedCounts, StoreNotEmpty, generate

__all__ = ["GenerateRefused", "GeneratedCounts", "SizesRefused", "StoreNotEmpty", "generate"]
