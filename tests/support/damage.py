"""Files with flipped, cut and inserted bytes."""

from hypothesis import strategies as st


@st.composite
def damaged(draw: st.DrawFn, contents: st.SearchStrategy[bytes]) -> bytes:
    """One to four damages of a content: a byte is changed, a stretch is cut out, or bytes are put in."""
    content = bytearray(draw(contents))
    for kind in draw(st.lists(st.sampled_from(("flip", "cut", "insert")), min_size=1, max_size=4)):
        place = draw(st.integers(0, len(content)))
        match kind:
            case "flip":
                content[place : place + 1] = draw(st.binary(min_size=1, max_size=1))
            case "cut":
                del content[place : place + draw(st.integers(1, 200))]
            case "insert":
                content[place:place] = draw(st.binary(min_size=1, max_size=12))
    return bytes(content)
