"""The decision: weighs what the rules found in the message and in the conversation so far, and keeps the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answer import Action
from bot.guard.assess import Assessment, Hit
from bot.guard.classifier import Scores
from bot.guard.settings import Thresholds

DANGER = (Action.EMERGENCY, Action.CRISIS)
OTHERS = (Action.CONCERN_OTHER, Action.REFUSE_AND_REDIRECT, Action.DECLINE_OFFTOPIC)
REASONS_SHOWN = 6
GENTLE_FROM = 0.3
LEAST = 1e-4
OPEN_HIT = 0.6
MOST_FROM_RULES = 1.3
#: What a matching rule of full weight says for its category, against the cues' share.
RULE_CATEGORY = 0.6
#: The kinds of an action that the cues tell apart, each with a reply of its own or a part in one.
CATEGORIES = {
    Action.CRISIS: ("active_ideation", "plan_or_means", "passive_ideation", "self_harm", "goodbye"),
    Action.EMERGENCY: (
        "overdose_emergency", "alcohol_withdrawal_emergency", "abuse_victim", "violence_to_others", "third_party_risk",
        "psychosis_mania", "eating_disorder", "pregnancy",
    ),
    Action.CONCERN_OTHER: (
        "third_party_risk", "violence_to_others", "abuse_victim", "psychosis_mania", "eating_disorder",
        "alcohol_withdrawal_emergency", "pregnancy",
    ),
    Action.REFUSE_AND_REDIRECT: (
        "dosing_request", "self_medication_or_sourcing", "individual_medical_advice", "minor", "pregnancy",
        "prompt_injection", "news_fiction_academic",
    ),
    Action.DECLINE_OFFTOPIC: ("offtopic",),
}  # fmt: skip


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

    Rules alone decide where they are certain or where nothing else is there. Otherwise `Assessment.shares` holds an
    action's share (0 to 1) as the weighted cues and the classifier see it; without the classifier the rules add theirs.
    """
    recent = before[-limits.history_messages :]
    margins = {action: _margin(now, action, limits) for action in OTHERS}
    danger, concern = _danger(now, limits), margins[Action.CONCERN_OTHER]
    if concern >= 0 and _elsewhere(now, concern, danger, limits):
        return _decision(Action.CONCERN_OTHER, now)
    if danger >= 0:
        return _decision(_which_danger(now), now)
    if found := _over_turns(danger, now, recent, limits):
        return found
    best = max(OTHERS, key=lambda action: margins[action])
    return _decision(best, now) if margins[best] >= 0 else _answer(now)


def certain(now: Assessment, limits: Thresholds) -> bool:
    """Whether a rule by itself decides for a danger to life: no model needs to be asked."""
    return any(_rules(now, action, limits) >= limits.certain for action in DANGER)


def combined(cues: Mapping[str, float] | None, scores: Sequence[Scores], limits: Thresholds) -> dict[str, float]:
    """Shares of the actions by cues and classifier together: their geometric mean, weighted, so that one which is sure counts more.

    The first of `scores` is of the whole message. A part of it counts for a danger or a concern when it shows more of it.
    """
    whole = scores[0]
    shares, worst = dict(whole.actions), whole
    for part in scores[1:]:
        if _of(part.actions, DANGER) * limits.part_share > _of(worst.actions, DANGER):
            worst = part
    for action in DANGER:
        shares[action.value] = worst.actions[action.value]
    shares["concern_other"] = max(
        [shares["concern_other"], *(s.actions["concern_other"] * limits.part_share for s in scores[1:])]
    )
    if not cues:
        return shares
    share = limits.classifier_share
    mixed = {
        name: max(own, LEAST) ** share * max(cues.get(name, 0.0), LEAST) ** (1 - share) for name, own in shares.items()
    }
    total = sum(mixed.values())
    return {name: value / total for name, value in mixed.items()}


def _of(shares: Mapping[str, float], actions: Sequence[Action]) -> float:
    return sum(shares.get(action.value, 0.0) for action in actions)


def _danger(now: Assessment, limits: Thresholds) -> float:
    """How far the weight of a present danger to life, whoever's it is, lies above its threshold."""
    rules = max(_rules(now, action, limits) for action in DANGER)
    return _over(rules, _of(now.shares, DANGER) * _ease(now, limits), Action.CRISIS, now, limits)


def _ease(now: Assessment, limits: Thresholds) -> float:
    """What is left of a share where the person says that all is past or denies it, and no rule sees it otherwise."""
    if any(hit.action in ("crisis", "emergency") and hit.weight >= OPEN_HIT for hit in now.hits):
        return 1.0
    long_past = {"past", "recovered"} <= now.markers and "present" not in now.markers
    return limits.eased_share if long_past or "denial" in now.masks else 1.0


def _margin(now: Assessment, action: Action, limits: Thresholds) -> float:
    at_home = limits.site_word if action is Action.DECLINE_OFFTOPIC and "site" in now.markers else 0.0
    return _over(_rules(now, action, limits), now.shares.get(action.value, 0.0), action, now, limits) - at_home


def _over(rules: float, share: float, action: Action, now: Assessment, limits: Thresholds) -> float:
    if rules >= limits.certain:
        return 1.0
    of_rules = {"rules": rules, "cues": limits.rule_share * rules, "all": 0.0}[now.layers]
    return share + of_rules - limits.fire[now.layers][action.value]


def _rules(now: Assessment, action: Action, limits: Thresholds) -> float:
    score = now.score(action.value)
    if action is Action.CRISIS and "denial" in now.masks:
        score -= now.score(action.value, below=1) * (1 - limits.reassurance)
    strongest = max((hit.weight for hit in now.for_action(action.value)), default=0.0)
    return strongest if strongest >= limits.certain else min(score, MOST_FROM_RULES)


def _elsewhere(now: Assessment, concern: float, danger: float, limits: Thresholds) -> bool:
    """Whether the concern is the matter, and not a danger to the writer's own life."""
    if not now.shares:
        return concern > danger
    clearly = now.shares.get("concern_other", 0.0) > limits.concern_over_danger * _of(now.shares, DANGER)
    return danger < 0 or (clearly and danger < 1)


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
    reasons = tuple(hit.reason() for hit in now.for_action(action.value)[:REASONS_SHOWN])
    if now.shares:
        reasons += (f"{now.layers}: {now.shares.get(action.value, 0.0):.0%} {action.value}",)
    return Decision(action, _category(action, now), reasons)


def _category(action: Action, now: Assessment) -> str:
    """The likeliest category of an action: by the cues, where they are there, and by the rules that matched."""
    weights = {name: now.kinds[name] for name in CATEGORIES[action] if name in now.kinds}
    for hit in now.for_action(action.value):
        weights[hit.category] = max(weights.get(hit.category, 0.0), min(hit.weight, 1.0) * RULE_CATEGORY)
    return max(weights, key=lambda name: weights[name], default="unclear")


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
