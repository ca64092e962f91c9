"""How strong the cited evidence is, by rules anyone can read.

| start | by the strongest design among the first three that the answer cites, of people |
| --- | --- |
| high (3) | meta-analysis |
| moderate (2) | randomized controlled trial, systematic review |
| low (1) | cohort, open-label trial, guideline, consensus statement, regulatory, patient information |
| very low (0) | case series, narrative review |

| one level down for | when |
| --- | --- |
| few people | fewer than 100 in all, where counted |
| risk of bias | a limitation of a cited trial or review says that people could guess what they got, or that blinding or the comparison was weak; designs that start low already stand there for that |
| inconsistency | the findings point in different directions |
| indirectness | evidence is on another form of the drug than was asked about |
| imprecision | never high with fewer than 400 people counted |

Studies of animals or cells never count for people. Nothing but the clinic's article: no studies. After GRADE (Guyatt et al., BMJ
2008;336:924), much simplified.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from bot.answer import Evidence

START = {
    "meta_analysis": 3,
    "systematic_review": 2,
    "randomized_controlled_trial": 2,
    "cohort": 1,
    "open_label_trial": 1,
    "guideline": 1,
    "consensus_statement": 1,
    "regulatory": 1,
    "patient_information": 1,
    "case_series": 0,
    "narrative_review": 0,
}
LEVELS = ("very low", "low", "moderate", "high")
NAMES = {
    "meta_analysis": ("meta-analysis", "meta-analyses"),
    "systematic_review": ("systematic review", "systematic reviews"),
    "randomized_controlled_trial": ("randomized trial", "randomized trials"),
    "cohort": ("cohort study", "cohort studies"),
    "open_label_trial": ("open-label trial", "open-label trials"),
    "guideline": ("guideline", "guidelines"),
    "consensus_statement": ("consensus statement", "consensus statements"),
    "regulatory": ("official document", "official documents"),
    "patient_information": ("patient information page", "patient information pages"),
    "case_series": ("case series", "case series"),
    "narrative_review": ("narrative review", "narrative reviews"),
    "preclinical": ("animal or cell study", "animal or cell studies"),
}
LIMITATIONS = re.compile(r"^## Limitations\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BIAS = re.compile(
    r"unblind|not blinded|blinding (?:is|was|may)|guess(?:ed)? what they|could (?:often )?tell|notice|(?:high|unclear) risk of bias|open-label"
    r"|no (?:placebo|control|comparison) group|not randomi[sz]ed",
    re.IGNORECASE,
)
#: Designs that are trusted for their comparison, and so lose where it was weak.
COMPARED = frozenset({"meta_analysis", "systematic_review", "randomized_controlled_trial"})
LOOKED_AT = 3
FEW_PEOPLE = 100
PRECISE = 400


def weigh(documents: Iterable[Mapping[str, Any]], indirect: bool = False) -> Evidence | None:
    """The evidence summary of the cited documents, or None where they are about this service alone. `indirect`: some of them are
    on another form of the drug than was asked about."""
    cited = [d for d in documents if d.get("kind") != "about"]
    if not cited:
        return None
    designs = Counter(str(d["design"]) for d in cited if d.get("design"))
    directions = Counter(str(d["direction"]) for d in cited if d.get("direction") and d.get("kind") != "article")
    people = [int(d["n"]) for d in cited if d.get("n") and d.get("design") != "preclinical"]
    total = sum(people) or None
    human = [d for d in designs if d != "preclinical"]
    if not designs:
        return Evidence(strength="no studies", why="No study is cited here.")
    if not human:
        return Evidence(
            strength="animals or cells only",
            why=f"Only {_count('preclinical', designs['preclinical'])}: this says little about people.",
            designs=dict(designs),
            directions=dict(directions),
        )
    level = max(START.get(str(d["design"]), 0) for d in [d for d in cited if d.get("design") in human][:LOOKED_AT])
    reasons = [", ".join(_count(d, n) for d, n in designs.most_common())]
    if total:
        reasons[0] += f" ({total:,} people in those that report a number)"
    pointing = {d for d in directions if d in ("supports", "mixed", "against")}
    if total is not None and total < FEW_PEOPLE:
        level -= 1
        reasons.append("few people")
    for wrong, reason in (
        (any(map(_may_be_biased, cited)), "people could often guess what they got, or the comparison was weak"),
        (len(pointing) > 1, "findings that point in different directions"),
        (indirect, "some of it is on another form of the drug"),
    ):
        if wrong:
            level -= 1
            reasons.append(reason)
    if level == START["meta_analysis"] and (total or 0) < PRECISE:
        level -= 1
        reasons.append("too few people to be precise")
    strength = LEVELS[max(level, 0)]
    return Evidence(
        strength=strength,
        why=f"{strength.capitalize()} certainty: {'; '.join(reasons)}.",
        designs=dict(designs),
        directions=dict(directions),
        people=total,
    )


def _may_be_biased(document: Mapping[str, Any]) -> bool:
    section = LIMITATIONS.search(str(document.get("text") or ""))
    return document.get("design") in COMPARED and section is not None and BIAS.search(section[1]) is not None


def _count(design: str, n: int) -> str:
    one, many = NAMES.get(design, (design.replace("_", " "), design.replace("_", " ")))
    return f"{n} {one if n == 1 else many}"
