"""An answer's text as HTML: a few harmless forms, and nothing else whatever it says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.markup import Cite, blocks, sentences

CITES = {1: Cite("#t-s1", "Source 1: Grabski 2022"), 2: Cite("#t-s2", 'Source 2: "A" & <B>')}


def html(text: str) -> str:
    return "\n".join("".join(block.pieces) for block in blocks(text, CITES))


def test_a_marker_becomes_a_link_to_its_source_and_stays_with_its_word():
    assert html("It did [1].") == (
        'It did\N{NO-BREAK SPACE}<a class="cite" href="#t-s1" aria-label="Source 1: Grabski 2022">[1]</a>.'
    )
    assert 'aria-label="Source 2: &#34;A&#34; &amp; &lt;B&gt;"' in html("x [2]")


def test_a_marker_without_a_source_is_left_as_text():
    assert html("see [7] and [1][2]").count("<a ") == 2
    assert "[7]" in html("see [7]")


def test_bold_italic_lists_and_phone_links_are_let_through():
    assert html("**a** and *b*") == "<strong>a</strong> and <em>b</em>"
    assert html("[Call 988](tel:988)") == '<a class="reach" href="tel:988">Call 988</a>'
    assert 'rel="noopener noreferrer"' in html("[x](https://example.org/a?b=1&c=2)")
    assert "<li>one" in html("- one [1]\n- two")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![x](https://evil.example/p.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,1)",
        "[x](//evil.example)",
        "<img src=x onerror=alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "&lt;script&gt;",
        "`<b>`",
        "<https://a.example/><b>",
    ],
)
def test_html_images_and_other_schemes_come_out_as_text(text):
    found = html(text)
    assert set(re.findall(r"<(\w+)", found)) <= {"a"}
    assert all(link.startswith(("http", "tel:", "sms:")) for link in re.findall(r'href="([^"]*)', found))


@given(st.text(alphabet="<>&\"'[]()!*_`:/#-1 \nabcjavscript", max_size=80))
def test_no_text_makes_a_tag_that_is_not_ours(text):
    found = html(text)
    assert set(re.findall(r"<\s*/?\s*(\w+)", found)) <= {"a", "strong", "em", "ul", "ol", "li", "p", "br"}
    assert not re.search(r"<[^>]*\son\w+\s*=", found)


def test_a_paragraph_comes_in_whole_sentences():
    text = "Not proven. In a trial of 96 people, 0.8 mg/kg did nothing [1]. More days [2] were dry [1][2]. The end."
    assert sentences(text) == (
        "Not proven. In a trial of 96 people, 0.8 mg/kg did nothing [1].",
        "More days [2] were dry [1][2].",
        "The end.",
    )
    assert sentences("One did. [1] Two did. [2]") == ("One did. [1]", "Two did. [2]")
    assert sentences("**Bold [1]. Still bold** [2]. Next [1].") == ("**Bold [1]. Still bold** [2].", "Next [1].")
