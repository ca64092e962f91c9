"""The main job on the real corpus: a real question gets a cited answer, and nothing keeps a crisis from its reply."""

import asyncio
import json
import shutil

import pytest

from bot.answer import Action, Request
from bot.errors import BotError
from bot.service import Bot
from bot.settings import Settings, load_settings

CRISIS = "i want to kill myself tonight"


def ask(bot, text, *history, **more):
    return bot.answer(Request(text=text, history=history, **more))


def test_an_answer_is_cited_sentence_by_sentence(bot):
    answer = ask(bot, "Can patients drive home after the nasal spray?")
    assert answer.action is Action.ANSWER
    assert {n for c in answer.claims for n in c.citations} == {c.n for c in answer.citations}
    for claim in answer.claims:
        passages = " ".join(answer.citations[n - 1].passage for n in claim.citations)
        assert " ".join(claim.text.split()) in " ".join(passages.split())
    for c in answer.citations:
        document = bot.document(c.document)
        assert document is not None
        assert document.text[c.start : c.end] == c.passage
    assert answer.evidence is not None
    assert answer.version == bot.versions.live
    assert json.loads(answer.to_json())["schema"] == 1


def test_a_follow_up_uses_the_conversation(bot):
    answer = ask(bot, "Can people drive home after it?", "What exactly is Spravato?")
    assert {"janssen-2021-spravato-daily-life", "yale-new-haven-2025-esketamine"} & {
        c.document for c in answer.citations
    }


def test_what_the_sources_do_not_hold_is_not_answered(bot):
    answer = ask(bot, "Does it help with stuttering?")
    assert answer.action is Action.ABSTAIN
    assert answer.citations == ()
    assert "They cover" in answer.text
    assert answer.suggestions


def test_the_article_is_quoted_as_such_and_stands_beside_studies(bot):
    answer = ask(bot, "What does your article say about rapid effects on suicidal thinking, is that backed up?")
    kinds = [c.kind for c in answer.citations]
    assert "article" in kinds
    assert set(kinds) - {"article", "about"}
    assert "In our summary of the clinic's article" in answer.text


def test_the_article_is_never_cited_unasked(bot):
    answer = ask(bot, "How fast does ketamine lift depression?")
    assert answer.citations
    assert all(c.kind != "article" for c in answer.citations)


@pytest.mark.parametrize("text", ["are you a real person", "do you save what i type", "which clinic runs this bot"])
def test_questions_on_the_service_are_answered_from_what_it_says_of_itself(bot, text):
    answer = ask(bot, text)
    assert answer.citations
    assert all(c.kind == "about" for c in answer.citations)


def test_questions_on_one_clinic_s_people_are_not_answered_from_studies(bot):
    answer = ask(bot, "What share of your own patients stayed sober for a year?")
    assert answer.action is Action.ABSTAIN


def test_a_withdrawn_document_is_not_cited_from_the_next_message_on(home, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(home / "index", copy / "index")
    bot = Bot(Settings(home=copy))
    question = "Can patients drive home after the nasal spray?"
    first = ask(bot, question).citations[0].document
    bot.library.remove(first, "test")
    assert first not in {c.document for c in ask(bot, question).citations}


def test_a_premise_that_does_not_hold_is_corrected_first(bot):
    answer = ask(bot, "since ketamine is FDA approved for alcoholism how many sessions does it take?")
    assert answer.text.startswith("One thing first: ")
    assert "not one of them" in answer.claims[0].text
    assert answer.citations[0].document == "jonas-2014-aud-approved-medicines"
    assert "premise_corrected" in [n.kind for n in answer.notices]


@pytest.mark.parametrize("text", ["do you save what i type", "are you a real person"])
def test_a_question_about_the_service_is_no_follow_up(bot, text):
    answer = ask(bot, text, "does ketamine stop suicidal thoughts?")
    assert {c.kind for c in answer.citations} == {"about"}


def test_each_of_several_questions_is_answered_or_named(bot):
    answer = ask(bot, "Can ketamine damage the bladder? And does it help with stuttering?")
    assert answer.action is Action.ANSWER
    assert any("bladder" in c.text for c in answer.claims)
    assert any(n.kind == "nothing_found" and "stuttering" in n.text for n in answer.notices)


def test_a_question_in_another_language_is_answered_with_a_frame_in_it(bot):
    answer = ask(bot, "¿La ketamina daña la vejiga?", lang="es")
    assert answer.action is Action.ANSWER
    assert any("bladder" in c.text for c in answer.claims)
    assert any(n.kind == "translated" and "inglés" in n.text for n in answer.notices)


def test_greetings_and_thanks_are_answered_without_claims(bot):
    for text in ("hello", "thanks so much"):
        answer = ask(bot, text)
        assert (answer.action, answer.claims) == (Action.ANSWER, ())


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01\x02", "🙂🙂🙂", "x" * 20_000, "<script>alert(1)</script>" * 900])
def test_bad_messages_get_one_clear_line(bot, text):
    answer = ask(bot, text)
    assert answer.text
    assert "Traceback" not in answer.text
    if answer.error:
        assert "\n" not in answer.error.message


def assert_crisis(answer, number="988"):
    assert answer.action in (Action.CRISIS, Action.EMERGENCY)
    assert number in answer.text
    assert answer.helplines


def test_a_crisis_gets_its_reply_with_no_index_no_model_and_no_home(tmp_path):
    missing = Settings(home=tmp_path / "nothing", embedder=str(tmp_path / "no-model"))
    assert_crisis(ask(Bot(missing), CRISIS))


def test_a_crisis_gets_its_reply_when_the_index_is_corrupt_or_locked(home, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(home / "index", copy / "index")
    bot = Bot(Settings(home=copy))
    with bot.versions.writing():
        assert_crisis(ask(bot, CRISIS))
    for path in (copy / "index" / "versions").rglob("*"):
        if path.is_file():
            path.write_bytes(b"\xff\xfe broken")
    assert_crisis(ask(bot, CRISIS))
    ordinary = ask(bot, "How fast does ketamine work?")
    assert ordinary.action is Action.ERROR
    assert ordinary.error is not None


def test_a_crisis_in_an_over_long_message_is_seen(bot):
    assert_crisis(ask(bot, "how much is a session? " * 2000 + CRISIS + ". " + "do you take insurance? " * 2000))


def test_a_crisis_reply_holds_the_numbers_of_the_country(bot):
    assert "116 123" in ask(bot, CRISIS, country="GB").text or "999" in ask(bot, CRISIS, country="GB").text
    assert ask(bot, CRISIS, country="ZZ").text


def test_many_at_once_get_their_own_answers(bot):
    questions = ["Can patients drive home after the nasal spray?", "Does ketamine help with PTSD?", CRISIS] * 4

    async def all_of_them():
        return await asyncio.gather(*(bot.ask(Request(text=q)) for q in questions))

    answers = asyncio.run(all_of_them())
    assert [a.question for a in answers] == questions
    assert len({a.text for a in answers[0::3]}) == 1


def test_unknown_and_wrong_settings_are_refused_by_name(monkeypatch):
    monkeypatch.setenv("EVIDENCE_BOT_PROT", "1")
    with pytest.raises(BotError, match="EVIDENCE_BOT_PROT"):
        load_settings()
    monkeypatch.delenv("EVIDENCE_BOT_PROT")
    monkeypatch.setenv("EVIDENCE_BOT_PORT", "99999")
    with pytest.raises(BotError, match="EVIDENCE_BOT_PORT"):
        load_settings()
