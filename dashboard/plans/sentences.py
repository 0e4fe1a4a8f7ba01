"""What the plan's figures say, in a sentence. Pure: frames in, words out."""

import pandas as pd

from dashboard.vocabulary import TargetStatus
from dashboard.wording import counted, of, sentence, share_of


def say_progress(targets: pd.DataFrame) -> str:
    """One sentence on a plan: criteria met of all, and how many targets lack evidence or have stalled."""
    criteria, met = int(targets["criteria"].sum()), int(targets["met"].sum())
    start = (
        f"{of(met, criteria)} success criteria {'is' if met == 1 else 'are'} met"
        if criteria
        else f"{sentence(counted(len(targets), 'target'))} without success criteria"
    )
    bare = int((targets["evidence"] == 0).sum())
    stalled = int((targets["status"] == TargetStatus.STALLED).sum())
    worries = []
    if bare:
        worries.append(f"{share_of(bare, len(targets), 'target')} {'has' if bare == 1 else 'have'} no evidence yet")
    if stalled:
        worries.append(f"{counted(stalled, 'has', 'have')} stalled")
    return f"{start}; {' and '.join(worries)}." if worries else f"{start}; every target has evidence."
