"""The pages over HTTP: headers, what is open and what is not, helplines and documents without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from bot.web.security import script_hashes
from tests.web.conftest import serving
from tests.web.fake import DOCUMENTS, FakeBot


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(FakeBot()) as address, httpx.Client(base_url=address) as one:
        yield one


@pytest.mark.parametrize("path", ["/", "/help", "/documents/none", "/page/page.css", "/nowhere", "/healthz", "/config"])
def test_every_response_carries_the_security_headers(client, path):
    found = client.get(path).headers
    policy = found["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in re.sub("style-src[^;]*", "", policy)
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "no-referrer"
    assert "camera=()" in found["permissions-policy"]
    assert "set-cookie" not in found
    assert found["cache-control"].startswith("public" if path.startswith("/page/") else "no-store")


def test_the_policy_allows_the_inline_scripts_of_the_page_and_no_others(client):
    response = client.get("/")
    named = set(re.findall(r"'sha256-[^']+'", response.headers["content-security-policy"]))
    assert named == set(script_hashes(response.text))
    assert len(named) >= 4


def test_the_page_names_no_other_host(client):
    html = client.get("/").text
    hosts = set(re.findall(r"https?://([\w.-]+)", html)) - {"127.0.0.1"}
    assert hosts <= {"988lifeline.org"}
    assert '"api_visibility":"public"' not in html


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=https://example.org",
        "/gradio_api/runs",
        "/gradio_api/startup",
        "/docs",
        "/openapi.json",
        "/manifest.json",
        "/monitoring",
        "/login",
        "/page/../server.py",
    ],
)
def test_what_the_page_does_not_need_is_shut(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_health(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_the_help_page_shows_the_lines_of_a_country(client):
    page = client.get("/help", params={"country": "GB"}).text
    assert 'href="tel:116123"' in page
    assert '<option value="GB" selected>' in page
    assert 'href="tel:988"' in client.get("/help", params={"country": "<script>"}).text
    assert 'href="tel:116123"' in client.get("/help", headers={"accept-language": "en-GB,en"}).text
    assert "no line for this country" in client.get("/help", params={"country": "DE"}).text
    lines = client.get("/help/lines", params={"country": "GB"}).text
    assert 'href="tel:116123"' in lines
    assert "<html" not in lines


def test_a_document_shows_its_card_and_its_passage(client):
    text = DOCUMENTS[0].text
    start = text.index("Confirmed")
    page = client.get(f"/documents/grabski-2022-kare?start={start}&end={text.index('.', start) + 1}").text
    assert '<mark id="passage">Confirmed relapse at 6 months did not differ' in page
    assert "American Journal of Psychiatry, 2022" in page
    assert 'rel="noopener noreferrer"' in page


@pytest.mark.parametrize(
    "query", ["start=x&end=9", "start=9&end=2", "start=0&end=999999", "start=-1&end=5", "start=²&end=5"]
)
def test_a_document_with_a_wrong_range_is_still_shown(client, query):
    response = client.get(f"/documents/grabski-2022-kare?{query}")
    assert response.status_code == 200
    assert "<mark" not in response.text


def test_an_unknown_document_is_said_so_in_words(client):
    response = client.get("/documents/%3Cscript%3E")
    assert response.status_code == 404
    assert "We do not have a source" in response.text
    assert "<script>" not in response.text


def test_a_page_that_breaks_shows_the_lines_and_no_trace():
    class Broken(FakeBot):
        def document(self, document_id):
            raise RuntimeError("secret detail")

    with serving(Broken()) as address:
        response = httpx.get(address + "/documents/x")
        assert response.status_code == 500
        assert 'href="tel:988"' in response.text
        assert "secret detail" not in response.text
        assert response.headers["x-content-type-options"] == "nosniff"
