"""The command line as a person or a script meets it: real processes."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

CARD = """---
id: new-source
title: A new source
kind: patient_information
---

## Findings

- The quokka protocol needs three visits to the quokka room.
"""


@pytest.fixture
def run(home, tmp_path):
    def call(*args, stdin="", use=home, **env):
        return subprocess.run(
            [sys.executable, "-m", "bot", *args], cwd=ROOT, input=stdin, capture_output=True, text=True, check=False,
            env={**os.environ, "EVIDENCE_BOT_HOME": str(use), **env},
        )  # fmt: skip

    return call


def test_ask_prints_an_answer_with_its_sources(run):
    done = run("ask", "Can patients drive home after the nasal spray?")
    assert done.returncode == 0
    assert "[1]" in done.stdout and "Sources" in done.stdout
    assert done.stderr == ""


def test_ask_json_prints_the_contract(run):
    answer = json.loads(run("ask", "Does ketamine help with PTSD?", "--json", "--country", "gb").stdout)
    assert answer["schema"] == 1 and answer["action"] == "answer" and answer["country"] == "GB"
    assert set(answer["citations"][0]) >= {
        "n",
        "document",
        "section",
        "start",
        "end",
        "passage",
        "doi",
        "people",
        "status",
        "checked",
    }


def test_jsonl_keeps_the_order_and_a_bad_line_costs_no_other(run):
    lines = [
        '{"id":"a","text":"hello"}',
        "{broken",
        '{"id":"c","question":"i want to kill myself tonight"}',
        '["list"]',
        '{"id":"e"}',
    ]
    done = run("ask", "--jsonl", stdin="\n".join(lines) + "\n")
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["action"] for a in out] == ["answer", "error", "crisis", "error", "error"]
    assert [a["error"]["line"] for a in out if a["action"] == "error"] == [2, 4, 5]
    assert done.returncode == 0


def test_wrong_usage_exits_2_and_failed_work_exits_1_with_one_line(run):
    assert run("ask", "--nonsense").returncode == 2
    for args in (
        ("ask", "x", "--country", "Mars"),
        ("corpus", "show", "nope"),
        ("corpus", "add", "none.md"),
        ("index", "promote", "x"),
    ):
        done = run(*args)
        assert done.returncode == 1
        assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1


def test_an_unknown_setting_is_refused(run):
    done = run("settings", EVIDENCE_BOT_COLOUR="red")
    assert done.returncode == 1
    assert "EVIDENCE_BOT_COLOUR" in done.stderr


def test_settings_lists_them_all(run):
    assert "EVIDENCE_BOT_HOME" in json.loads(run("settings", "--json").stdout)


def test_a_source_is_added_indexed_asked_about_and_withdrawn(run, home, tmp_path):
    import shutil

    own = tmp_path / "own"
    shutil.copytree(home, own)
    (tmp_path / "new.md").write_text(CARD)
    (tmp_path / "bad.md").write_text(CARD.replace("title: A new source", "titel: x"))
    added = run("corpus", "add", str(tmp_path / "bad.md"), str(tmp_path / "new.md"), use=own)
    assert added.returncode == 1
    assert "bad.md" in added.stderr and "added new-source" in added.stdout
    assert run("index", "build", "--promote", use=own).returncode == 0
    assert "quokka room" in run("ask", "How many visits does the quokka protocol need?", use=own).stdout
    assert run("corpus", "remove", "new-source", use=own).returncode == 0
    assert "quokka room" not in run("ask", "How many visits does the quokka protocol need?", use=own).stdout
    assert run("index", "rollback", use=own).returncode == 0


def test_a_clinic_loads_its_own_article(run, home, tmp_path):
    import shutil

    own = tmp_path / "own"
    shutil.copytree(home, own)
    (tmp_path / "text.txt").write_text(
        "Our article\n\nOur article says that the zebra method calms cravings for alcohol.\n"
    )
    assert run("corpus", "add", str(tmp_path / "text.txt"), "--as", "clinic-article", use=own).returncode == 0
    shown = json.loads(run("corpus", "show", "clinic-article", "--json", use=own).stdout)
    assert shown["restated"] is False and "zebra method" in shown["document_text"]
    assert run("index", "build", "--promote", use=own).returncode == 0
    answer = json.loads(
        run("ask", "what does the article say about the zebra method and cravings", "--json", use=own).stdout
    )
    assert any(c["document"] == "clinic-article" for c in answer["citations"])
    assert "In our summary" not in answer["text"]


def test_search_gives_passages_with_their_places(run):
    hits = json.loads(run("search", "bladder", "-k", "3", "--json").stdout)["hits"]
    assert len(hits) == 3
    assert set(hits[0]) == {"document", "section", "start", "end", "score", "text"}
    rows = [
        json.loads(x)
        for x in run("search", "--jsonl", "-k", "2", stdin='{"id":"1","text":"liver"}\n{x\n').stdout.splitlines()
    ]
    assert len(rows[0]["hits"]) == 2 and rows[1]["error"]["line"] == 2


def test_corpus_list_and_status_speak_json(run):
    assert len(json.loads(run("corpus", "list", "--json").stdout)) >= 234
    status = json.loads(run("index", "status", "--json").stdout)
    assert status["live"] and status["added"] == [] and status["gone"] == []


def test_a_crisis_is_answered_where_there_is_no_home_to_write_to(run, tmp_path):
    done = run("ask", "i want to kill myself tonight", use="/proc/nothing")
    assert done.returncode == 0
    assert "988" in done.stdout


def test_chat_on_the_terminal_answers_and_ends(run):
    done = run("chat", stdin="Can patients drive home after the nasal spray?\n\n")
    assert done.returncode == 0
    assert "Sources" in done.stdout and "Goodbye" in done.stdout
