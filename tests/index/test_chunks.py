"""Chunks: places that always hold, statements that are never cut."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from corpus.card import Card
from corpus.text import normalise
from index.chunk import MAX_PARAGRAPH, chunk_card

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=60) | st.sampled_from(
    [
        "## Findings",
        "- one statement.",
        "\r\n",
        "\n\n",
        "e\u0301",
        "👩‍👩‍👧‍👦",
        "x" * 2000,
        "A sentence. " * 200,
        "- " + "long " * 400,
    ]
)


def card(text):
    return Card.model_validate({"id": "a", "title": "T", "kind": "study", "text": text})


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_a_chunk_is_what_stands_at_its_place(parts):
    text = normalise("\n".join(parts)).strip()
    if not text:
        return
    made = card(text)
    chunks = chunk_card(made)
    assert all(made.text[c.start : c.end] == c.text and c.text.strip() for c in chunks)
    assert len({c.id for c in chunks}) == len(chunks)
    assert all(a.end <= b.start for a, b in itertools.pairwise(chunks))
    covered = "".join(c.text for c in chunks)
    spans = "".join(made.text[s.start : s.end] for s in made.spans)
    assert "".join(covered.split()) == "".join(spans.split())


def test_a_statement_is_never_cut_however_long():
    made = card("## Findings\n\n- " + "Very long. " * 500)
    assert len(chunk_card(made)) == 1


def test_a_long_paragraph_is_cut_at_sentence_ends():
    made = card("A short sentence here. " * 200)
    chunks = chunk_card(made)
    assert len(chunks) > 1
    assert all(c.text.endswith(".") and len(c.text) <= MAX_PARAGRAPH for c in chunks)


def test_the_header_is_embedded_but_not_cited():
    made = Card.model_validate(
        {
            "id": "a",
            "title": "A title",
            "design": "cohort",
            "population": "Adults",
            "text": "## Findings\n\n- It helped.",
        }
    )
    chunk = chunk_card(made)[0]
    assert chunk.text == "It helped."
    assert "A title" in chunk.embedded and "Adults" in chunk.embedded
