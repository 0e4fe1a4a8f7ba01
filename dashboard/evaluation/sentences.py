"""What the page of self-evaluation says. Pure: counts and names in, words out."""

from collections.abc import Sequence

from dashboard.vocabulary import SelfAnswer
from dashboard.wording import all_of, counted, in_words, listed, sentence, share_of

_SAYS = {
    SelfAnswer.WORKS_WELL: "say that it works well",
    SelfAnswer.SO_SO: "say that it is so so",
    SelfAnswer.WANT_TO_IMPROVE: "want to improve it",
}


def say_answered(answered: int, members: int) -> str:
    """How many schools said anything: a missing answer is not "so so"."""
    if not members:
        return "No school belongs to this cluster in that year"
    if not answered:
        return f"None of {counted(members, 'school')} has answered yet"
    verb = "has" if answered == 1 else "have"
    return sentence(f"{share_of(answered, members, 'school')} {verb} answered")


def say_shared(area: str, wanting: int, answered: int, models: Sequence[str]) -> str:
    """The need that most schools share, and who they could learn from: for those who may know the schools by name.

    `answered` are the schools that said something on this very area.
    """
    if wanting == answered:
        who = f"{'both' if wanting == 2 else 'all ' + in_words(wanting)} schools that answered"
    else:
        who = f"{in_words(wanting)} of {counted(answered, 'school')} that answered"
    told = f"{who} want to improve “{area}”"
    return sentence(f"{told}; they could learn from {listed(models)}, where it works well" if models else told)


def say_no_overlap() -> str:
    """Where no need is shared."""
    return "No two schools want to improve the same area"


def say_alike(answer: SelfAnswer, same: int | None, answered: int | None) -> str:
    """How many schools say the same as the own one, without telling which."""
    if same is None or answered is None:
        return "Too few schools have answered to say how many see it alike"
    if same == answered:
        return f"All {counted(answered, 'school')} that answered {_SAYS[answer]}"
    others = same - 1
    if not others:
        return f"No other of {counted(answered, 'school')} that answered says so"
    return sentence(
        f"{in_words(same)} of {counted(answered, 'school')} that answered {_SAYS[answer]}, yours among them"
    )


def say_counts(works_well: int, so_so: int, want_to_improve: int) -> str:
    """How schools see an area that the own one said nothing of."""
    told = [
        f"{in_words(number)} {words}"
        for number, words in (
            (want_to_improve, "want to improve it"),
            (so_so, "so so"),
            (works_well, "works well"),
        )
        if number
    ]
    return sentence(all_of(told))


def say_recurring(tag: str, years: int, of: int) -> str | None:
    """What comes back; nothing of what came up once, or while there is one year only."""
    if years < 2 or of < 2:
        return None
    often = "every year" if years == of else f"in {in_words(years)} of {counted(of, 'year')}"
    return f"What got in the way {often}: {tag}"
