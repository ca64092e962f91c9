"""The decision: weighs what the rules found in the message and in the conversation so far, and keeps the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answer import Action
from bot.guard.assess import Assessment, Hit
from bot.guard.settings import Thresholds

DANGER = (Action.EMERGENCY, Action.CRISIS)
OTHERS = (Action.CONCERN_OTHER, Action.REFUSE_AND_REDIRECT, Action.DECLINE_OFFTOPIC)
REASONS_SHOWN = 6
GENTLE_FROM = 0.3
MOST_FROM_RULES = 1.3
OPEN_HIT = 0.6


@dataclass(frozen=True)
class Decision:
    """The action with its category and reasons; `carried` when only earlier messages hold the risk."""

    action: Action
    category: str
    reasons: tuple[str, ...]
    gentle: bool = False
    carried: bool = False


def decide(now: Assessment, before: Sequence[Assessment], limits: Thresholds) -> Decision:
    """The most urgent action whose weight reaches its threshold.

    Rules alone decide where they are certain or where nothing else is there. Otherwise `Assessment.shares`, the place
    of further layers (weighted cues, a classifier), holds an action's share (0 to 1), and the rules add theirs.
    """
    recent = before[-limits.history_messages :]
    margins = {action: _margin(now, action, limits) for action in OTHERS}
    danger, concern = _danger(now, limits), margins[Action.CONCERN_OTHER]
    if concern >= 0 and _elsewhere(now, concern, danger):
        return _decision(Action.CONCERN_OTHER, now)
    if danger >= 0:
        return _decision(_which_danger(now), now)
    if found := _over_turns(danger, now, recent, limits):
        return found
    best = max(OTHERS, key=lambda action: margins[action])
    return _decision(best, now) if margins[best] >= 0 else _answer(now)


def _danger(now: Assessment, limits: Thresholds) -> float:
    """How far the weight of a present danger to life, whoever's it is, lies above its threshold."""
    rules = max(_rules(now, action, limits) for action in DANGER)
    share = sum(now.shares.get(action.value, 0.0) for action in DANGER) * _ease(now, limits)
    return _over(rules, share, limits.fire["crisis"], limits.fire_with_layers["crisis"], now, limits)


def _ease(now: Assessment, limits: Thresholds) -> float:
    """What is left of a share where the person says that all is past or denies it, and no rule sees it otherwise."""
    if any(hit.action in ("crisis", "emergency") and hit.weight >= OPEN_HIT for hit in now.hits):
        return 1.0
    long_past = {"past", "recovered"} <= now.markers and "present" not in now.markers
    return limits.eased_share if long_past or "denial" in now.masks else 1.0


def _margin(now: Assessment, action: Action, limits: Thresholds) -> float:
    name = action.value
    share = now.shares.get(name, 0.0)
    at_home = limits.site_word if action is Action.DECLINE_OFFTOPIC and "site" in now.markers else 0.0
    return -at_home + _over(
        _rules(now, action, limits), share, limits.fire[name], limits.fire_with_layers[name], now, limits
    )


def _over(rules: float, share: float, alone: float, together: float, now: Assessment, limits: Thresholds) -> float:
    if rules >= limits.certain:
        return 1.0
    if not now.shares:
        return rules - alone
    return share + limits.rule_share * rules - together


def _rules(now: Assessment, action: Action, limits: Thresholds) -> float:
    score = now.score(action.value)
    if action is Action.CRISIS and "denial" in now.masks:
        score -= now.score(action.value, below=1) * (1 - limits.reassurance)
    strongest = max((hit.weight for hit in now.for_action(action.value)), default=0.0)
    return strongest if strongest >= limits.certain else min(score, MOST_FROM_RULES)


def _elsewhere(now: Assessment, concern: float, danger: float) -> bool:
    """Whether the concern is the matter, and not a danger to the writer's own life."""
    share = now.shares.get
    if not now.shares:
        return concern > danger
    return danger < 0 or (share("concern_other", 0.0) > share("crisis", 0.0) + share("emergency", 0.0) and danger < 1)


def _which_danger(now: Assessment) -> Action:
    weights = {action: now.score(action.value) / 2 + now.shares.get(action.value, 0.0) for action in DANGER}
    return max(DANGER, key=lambda action: weights[action])


def _over_turns(danger: float, now: Assessment, before: Sequence[Assessment], limits: Thresholds) -> Decision | None:
    """Risk that stands in earlier messages, or, without other layers, only shows when they are taken together."""
    turns = [*before, now]
    open_turns = [turn for n, turn in enumerate(before) if not _taken_back(turns[n + 1 :])]
    for back, earlier in enumerate(reversed(open_turns[-limits.carried_messages :]), start=1):
        if _danger(earlier, limits) >= limits.carried_margin:
            found = _decision(_which_danger(earlier), earlier)
            return replace(found, reasons=(f"said {back} message(s) before", *found.reasons), carried=True)
    weak = sum(turn.score("crisis") for turn in open_turns) * limits.history_decay
    if weak and not now.shares and danger + weak >= 0:
        hits = [hit for turn in (now, *open_turns) for hit in turn.for_action("crisis")]
        reasons = ("over several messages", *(hit.reason() for hit in hits[:REASONS_SHOWN]))
        return Decision(Action.CRISIS, "crisis_multiturn", reasons)
    return None


def _taken_back(later: Sequence[Assessment]) -> bool:
    """Whether a later message says that it was meant otherwise, or that it is long past."""
    return any("retraction" in turn.markers or "recovered" in turn.markers for turn in later)


def _decision(action: Action, now: Assessment) -> Decision:
    hits = now.for_action(action.value)
    reasons = tuple(hit.reason() for hit in hits[:REASONS_SHOWN])
    if now.shares:
        reasons += (f"cues: {now.shares.get(action.value, 0.0):.0%} {action.value}",)
    return Decision(action, hits[0].category if hits else "unclear", reasons)


def _answer(now: Assessment) -> Decision:
    weak = now.for_action("crisis")
    heavy = "denial" in now.masks or "distress" in now.markers or any(hit.weight >= GENTLE_FROM for hit in weak)
    reasons = tuple(hit.reason() for hit in now.hits[:REASONS_SHOWN])
    return Decision(Action.ANSWER, _ordinary_category(now, weak), reasons, gentle=heavy)


def _ordinary_category(now: Assessment, weak: Sequence[Hit]) -> str:
    signs = {
        "staff_test": "staff" in now.markers,
        "past_history_no_current_risk": any("past" in hit.notes for hit in weak),
        "negated": "denial" in now.masks,
        "news_fiction_academic": "fiction" in now.markers,
        "info_about_suicide_evidence": "suicide_topic" in now.markers,
        "distress_no_risk": "distress" in now.markers,
        "idiom": "idiom" in now.masks,
    }
    return next((category for category, holds in signs.items() if holds), "info_general")
