"""What a refusal must be: a sentence."""


def check_sentence(refusal: Exception, longest: int) -> None:
    """It says something, in one line, of fewer letters than `longest`."""
    said = str(refusal)
    assert said
    assert len(said.splitlines()) == 1
    assert len(said) < longest
