from pathlib import Path

import pytest
import yaml

from corpus.errors import CorpusError
from corpus.helplines import HelplineBook

PATH = Path(__file__).parents[2] / "corpus" / "settings" / "helplines.yaml"
LINE = {
    "id": "xx-line",
    "country": "US",
    "name": "A line",
    "kind": "suicide_crisis",
    "priority": 1,
    "confidence": "high",
    "dial": [{"number": "1 800 1", "label": None}],
    "sources": ["https://example.org"],
    "checked": "2026-11-23",
}
DIRECTORY = LINE | {"id": "int-d", "country": "INT", "kind": "directory", "dial": [], "chat_url": "https://example.org"}


@pytest.fixture(scope="module")
def book():
    return HelplineBook.load(PATH)


def load(tmp_path, *entries):
    path = tmp_path / "helplines.yaml"
    path.write_text(yaml.safe_dump([DIRECTORY, *entries]), encoding="utf-8")
    return HelplineBook.load(path)


def test_lines_of_a_kind_come_by_priority(book):
    assert [line.id for line in book.for_kind("US", "suicide_crisis")] == ["us-988", "us-crisis-text-line"]


def test_the_matched_kind_comes_before_the_general_one(book):
    kinds = [line.kind for line in book.for_kind("us", "eating_disorder", "suicide_crisis")]
    assert kinds == sorted(kinds, key=["eating_disorder", "suicide_crisis"].index)


def test_no_unconfirmed_line_is_ever_handed_out(book):
    hidden = {line.id for line in book.lines if line.confidence == "low" and not line.reviewed_by}
    assert hidden
    for country in [*(row.code for row in book.countries()), "ZZ", None]:
        assert not hidden & {line.id for line in book.for_country(country)}


def test_a_reviewed_line_is_shown(tmp_path):
    low = LINE | {"confidence": "low"}
    assert not load(tmp_path, low).for_kind("US", "suicide_crisis")
    assert load(tmp_path, low | {"reviewed_by": "Dr A", "reviewed_on": "2026-11-24"}).for_kind("US", "suicide_crisis")


def test_every_country_has_a_name_and_an_emergency_number(book):
    countries = book.countries()
    assert countries[-1].code == "INT"
    for row in countries[:-1]:
        assert row.name != row.code
        assert row.emergency or not book.for_kind(row.code, "emergency")


def test_an_unknown_country_gets_the_directory_and_no_number(book):
    assert {line.kind for line in book.for_country("ZZ")} == {"directory"}
    assert book.emergency("ZZ") is None
    assert book.emergency("INT") is None
    assert not book.knows(None)


def test_uk_is_the_united_kingdom(book):
    assert book.emergency("uk") == book.emergency("GB")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"dial": [{"number": "call us", "label": None}]}, "dial"),
        ({"dial": []}, "neither dial"),
        ({"kind": "pizza"}, "kind"),
        ({"checked": "yesterday"}, "checked"),
        ({"chat_url": "javascript:alert(1)"}, "chat_url"),
        ({"priority": 0}, "priority"),
        ({"sources": []}, "sources"),
        ({"phne": "1"}, "phne"),
        ({"id": "int-d"}, "twice"),
    ],
)
def test_a_bad_entry_is_refused_with_its_name_and_key(tmp_path, change, key):
    with pytest.raises(CorpusError, match=key) as caught:
        load(tmp_path, LINE | change)
    assert (LINE | change)["id"] in caught.value.message


@pytest.mark.parametrize("content", ["", "a: 1", "[", "- 3", "[]"])
def test_a_broken_file_is_refused(tmp_path, content):
    path = tmp_path / "helplines.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"helplines\.yaml"):
        HelplineBook.load(path)


def test_a_missing_file_or_directory_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="cannot be read"):
        HelplineBook.load(tmp_path / "none.yaml")
    path = tmp_path / "helplines.yaml"
    path.write_text(yaml.safe_dump([LINE]), encoding="utf-8")
    with pytest.raises(CorpusError, match="directory"):
        HelplineBook.load(path)
