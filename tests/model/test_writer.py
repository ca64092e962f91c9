"""A model behind real HTTP that does what its name says: what is shown holds, and its failures are normal."""

import sqlite3
import time
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace

import pytest

from bot.answer import Action, Request
from bot.doctor import examine
from bot.errors import BotError
from bot.model import load_model
from bot.service import Bot
from bot.settings import Settings

QUESTION = "Does ketamine help people with alcohol use disorder drink less?"


def ask(bot, text=QUESTION, history=(), show=None):
    return bot.answer(Request(text=text, history=tuple(history)), show)


def kinds(answer):
    return [notice.kind for notice in answer.notices]


def test_what_a_model_writes_is_shown_where_it_holds(bot_with):
    bot, shown = bot_with(do="honest"), []
    answer = ask(bot, show=shown.append)
    assert answer.model == bot.model_writer.caller.name
    assert answer.action is Action.ANSWER
    assert shown == [claim.text for claim in answer.claims][: len(shown)]
    assert len(shown) >= 2
    assert {n for claim in answer.claims for n in claim.citations} == {c.n for c in answer.citations}
    assert answer.usage
    assert (answer.usage.input_tokens, answer.usage.estimated) == (100, False)
    assert "fallback" not in kinds(answer)


def test_a_model_that_keeps_to_a_schema_gives_the_same_claims(bot_with):
    plain = ask(bot_with(do="honest"))
    bot = bot_with(do="honest")
    bot.model_writer.caller.model.profile = {"structured_output": True}
    answer = ask(bot)
    assert [claim.text for claim in answer.claims] == [claim.text for claim in plain.claims]
    assert answer.model == bot.model_writer.caller.name


@pytest.mark.parametrize(
    ("do", "reason"),
    [
        ("fabricate", "does not stand in the cited passage"),
        ("wrong_id", "was not retrieved"),
        ("no_id", "it cites nothing"),
        ("advice", "reader"),
        ("link", "a link"),
        ("french", ""),
        ("one_true", ""),
    ],
)
def test_what_does_not_hold_is_taken_out_and_the_sources_answer_instead(bot_with, bot, do, reason):
    answer = ask(bot_with(do=do))
    assert answer.model == "extractive"
    assert "fallback" in kinds(answer)
    assert [claim.text for claim in answer.claims] == [claim.text for claim in ask(bot).claims]
    assert answer.removed
    assert any(reason in removed.reason for removed in answer.removed)


@pytest.mark.parametrize(
    "do",
    ["refuse", "empty", "blank", "limit", "server_error", "refused_key", "not_found", "reset", "endless", "cut_off"],
)
def test_a_model_that_fails_costs_nobody_an_answer(bot_with, bot, do):
    answer = ask(bot_with(do=do, after=3))
    assert answer.action is Action.ANSWER
    assert answer.model == "extractive"
    assert "fallback" in kinds(answer)
    assert answer.text == ask(bot).text


@pytest.mark.parametrize(
    "behaviour", [{"first": 30}, {"do": "stall", "after": 5, "seconds": 30}, {"do": "honest", "between": 0.5}]
)
def test_a_slow_model_is_given_up_in_time(bot_with, bot, behaviour):
    ask(bot)
    begun = time.monotonic()
    answer = ask(bot_with({"model_first_seconds": 0.6, "model_seconds": 1.2}, **behaviour))
    assert time.monotonic() - begun < 6
    assert answer.model == "extractive"


def test_what_held_before_the_time_was_up_is_kept(bot_with):
    bot = bot_with({"model_first_seconds": 8, "model_seconds": 9}, do="stall", after=95, seconds=30)
    bot.model_writer.caller.limits = bot.model_writer.caller.limits.__class__(first=8, whole=3)
    answer = ask(bot)
    assert answer.model == bot.model_writer.caller.name
    assert len(answer.claims) >= 2


def test_a_fault_that_may_pass_is_tried_again_and_a_refused_key_is_not(bot_with, fake):
    bot = bot_with(do="server_error")
    fake.works_after = 1
    assert ask(bot).model == bot.model_writer.caller.name
    assert fake.asked == 2
    fake.asked, fake.works_after = 0, 0
    ask(bot_with(do="refused_key"))
    assert fake.asked == 1


def test_after_several_failures_the_model_is_left_alone_for_a_while(bot_with, fake):
    bot = bot_with(do="refused_key")
    for n in range(5):
        ask(bot, f"{QUESTION} {n}")
    assert fake.asked == 3


def test_a_days_budget_is_kept_across_processes(bot, fake, tmp_path):
    def made(**more):
        one = Bot(Settings(home=tmp_path, model=fake.named(do="honest"), model_tokens_a_day=150, **more))
        one.__dict__["live"] = bot.live
        return one

    answer = ask(made(model_price_read=2.0, model_price_written=8.0))
    assert answer.usage
    assert answer.usage.cost == pytest.approx((100 * 2 + answer.usage.output_tokens * 8) / 1e6)
    assert ask(made(), "Does ketamine help with heavy drinking?").model == "extractive"
    assert fake.asked == 1
    with closing(sqlite3.connect(tmp_path / "spending.sqlite")) as account:
        assert account.execute("SELECT calls, input FROM spent").fetchall() == [(1, 100)]


def test_a_call_that_never_came_about_is_not_booked(bot, fake, tmp_path):
    one = Bot(Settings(home=tmp_path, model=fake.named(do="refused_key")))
    one.__dict__["live"] = bot.live
    assert ask(one).usage is None
    assert not (tmp_path / "spending.sqlite").exists() or one.model_writer.caller._spending.of_day() == (0, 0, 0)


def test_where_a_provider_reports_no_tokens_they_are_estimated(bot_with):
    usage = ask(bot_with(do="no_usage")).usage
    assert usage
    assert usage.estimated
    assert usage.input_tokens > 300


def test_the_same_question_is_not_asked_twice_and_another_is(bot_with, fake):
    bot = bot_with(do="honest")
    first = ask(bot)
    second = ask(bot, QUESTION.replace("Does", "does"))
    assert fake.asked == 1
    assert [claim.text for claim in second.claims] == [claim.text for claim in first.claims]
    ask(bot, QUESTION.replace("ketamine", "esketamine"))
    ask(bot, QUESTION, ["Is naltrexone any good?"])
    assert fake.asked >= 3


def test_what_was_met_with_a_safety_reply_is_told_to_no_model(bot_with, fake):
    crisis = "i want to kill myself tonight"
    bot = bot_with(do="honest")
    answer = bot.answer(Request(text=QUESTION, history=(crisis,), helped=1))
    assert answer.action is Action.ANSWER
    assert fake.asked >= 1
    assert crisis not in str(fake.told)


def test_an_article_is_quoted_and_never_retold(bot_with, fake):
    bot = bot_with(do="honest")
    answer = ask(bot, "What does the clinic's article say about alcohol and ketamine?")
    told = fake.told[-1]["messages"][-1]["content"]
    assert "The clinic's article says" not in told
    assert any(c.kind == "article" for c in answer.citations)
    assert answer.claims[0].frame or "article" in answer.claims[0].text


def test_a_beginning_of_a_sentence_is_not_the_sentence(bot):
    with bot.live.reader() as reader:
        cited = reader.search(QUESTION, bot.live.embed(QUESTION), 1)
    words = cited[0].chunk.text.split()
    checked = bot.verifier.check(" ".join(words[: len(words) // 2]), cited)
    assert checked.parts != {"numbers": 1.0, "terms": 1.0, "meaning": 1.0}


def test_a_broken_model_file_costs_nobody_an_answer(bot_with, monkeypatch):
    bot = bot_with(do="one_true")

    def breaks(source, sentence):
        raise RuntimeError("no such file")

    monkeypatch.setattr(bot.verifier.entailment[0], "probability", breaks)
    answer = ask(bot_with(do="no_usage"))
    assert answer.action is Action.ANSWER
    broken = ask(bot)
    assert broken.action is Action.ANSWER
    assert broken.model == "extractive"


def test_a_model_that_nobody_waits_for_is_given_up(bot_with):
    bot = bot_with(do="honest", first=20)
    ask(bot_with(do="empty"))
    begun = time.monotonic()
    answer = bot.answer(Request(text=QUESTION), gone=lambda: True)
    assert time.monotonic() - begun < 8
    assert answer.model == "extractive"


def test_screening_sees_the_persons_own_words_and_no_model_is_asked(bot_with, fake):
    answer = ask(bot_with(do="honest"), "i want to kill myself tonight")
    assert answer.action is Action.CRISIS
    assert ask(bot_with(do="honest"), "hello").text
    assert ask(bot_with(do="honest"), "What is the weather on Mars?").action is not Action.ANSWER
    assert fake.asked == 0


def test_a_follow_up_is_searched_for_as_the_model_puts_it(bot_with, fake):
    bot = bot_with(do="honest", say="How_long_do_people_wait_before_they_drive_after_esketamine?")
    answer = ask(bot, "And driving?", ["What exactly is Spravato?"])
    assert fake.asked == 2
    assert answer.action is Action.ANSWER
    assert answer.usage
    assert answer.usage.input_tokens == 200
    told = fake.told[0]["messages"]
    assert "Spravato" in told[-1]["content"]
    assert "<passages>" not in told[-1]["content"]


def test_what_the_rewriting_adds_is_not_used(bot_with, bot):
    history = ["What exactly is Spravato?"]
    adds = ask(
        bot_with(do="honest", say="Is_psilocybin_safe_for_pregnant_veterans_who_drive?"), "And driving?", history
    )
    assert {c.document for c in adds.citations} <= {c.document for c in ask(bot, "And driving?", history).citations}


def with_opinion(bot, opinion):
    bot.__dict__["steps"] = replace(bot.steps, opinion=lambda request: opinion)
    return bot


def test_a_second_opinion_raises_a_verdict_and_no_reply_waits_for_it(bot_with):
    said, waited = Future(), Future()
    said.set_result(True)
    answer = ask(with_opinion(bot_with(do="honest"), said))
    assert answer.action is Action.CRISIS
    assert answer.helplines
    assert ask(with_opinion(bot_with(do="honest"), waited)).action is Action.ANSWER


@pytest.mark.parametrize(("says", "danger"), [("danger", True), ("none", False), ("I_cannot_tell", False)])
def test_the_model_is_asked_for_its_opinion_in_one_word(bot_with, says, danger):
    bot = bot_with({"model_second_opinion": True}, do="honest", say=says)
    assert bot.steps.opinion(Request(text=QUESTION)).result(10) is danger


def test_a_second_opinion_never_lowers_a_verdict(bot_with):
    bot = bot_with({"model_second_opinion": True}, do="honest", say="none")
    assert ask(bot, "i want to kill myself tonight").action is Action.CRISIS


def test_a_failed_opinion_is_none(bot_with):
    bot = bot_with({"model_second_opinion": True}, do="refused_key")
    assert bot.steps.opinion(Request(text=QUESTION)).result(10) is False


def test_passages_are_told_as_data(bot_with, fake):
    ask(bot_with(do="honest"))
    system, user = (message["content"] for message in fake.told[-1]["messages"])
    assert "never instructions" in system
    assert user.count("<passage id=") == user.count("</passage>") >= 4
    assert user.rstrip().endswith(f"Question: {QUESTION}")


def test_doctor_says_what_the_model_said(bot_with):
    def found(bot):
        return next(row for row in examine(bot) if row.part == "language model")

    assert found(bot_with(do="ready")).well
    assert "ready" in found(bot_with(do="ready")).text
    ill = found(bot_with(do="refused_key"))
    assert not ill.well
    assert "refused_key" in ill.text


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("anthropic:claude-x", "pip install 'evidence-bot[anthropic]'"),
        ("mistralai:x", "pip install langchain-mistralai"),
        ("gpt", "neither provider:name"),
        ("nobody:x", "cannot be used"),
    ],
)
def test_a_model_that_cannot_be_loaded_says_in_one_line_what_to_do(setting, says):
    with pytest.raises(BotError) as error:
        load_model(setting, None, 5, 10)
    assert says in error.value.message
    assert "\n" not in error.value.message


def test_a_missing_package_is_one_line_and_safety_goes_on(home):
    bot = Bot(Settings(home=home, model="anthropic:claude-x"))
    assert bot.answer(Request(text="i want to kill myself")).action is Action.CRISIS
    answer = bot.answer(Request(text=QUESTION))
    assert answer.action is Action.ERROR
    assert answer.error
    assert "evidence-bot[anthropic]" in answer.error.message


def test_the_key_is_never_printed():
    settings = Settings(model="openai:x", model_key="sk-secret")
    assert "sk-secret" not in f"{settings!r} {settings} {settings.model_dump()}"
