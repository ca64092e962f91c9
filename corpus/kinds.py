"""The designs of documents, the kind that each one is, and the words for both."""

from __future__ import annotations

from typing import Literal, get_args

Design = Literal[
    "randomized_controlled_trial",
    "meta_analysis",
    "systematic_review",
    "cohort",
    "open_label_trial",
    "case_series",
    "narrative_review",
    "consensus_statement",
    "guideline",
    "regulatory",
    "patient_information",
    "preclinical",
]
Kind = Literal["study", "review", "guideline", "regulatory", "patient_information", "article", "about"]
Status = Literal["current", "retracted", "concern", "corrected", "superseded", "withdrawn"]
Direction = Literal["supports", "mixed", "against", "context"]

DESIGNS: tuple[str, ...] = get_args(Design)

KIND_OF_DESIGN: dict[str, Kind] = {
    "randomized_controlled_trial": "study",
    "cohort": "study",
    "open_label_trial": "study",
    "case_series": "study",
    "preclinical": "study",
    "meta_analysis": "review",
    "systematic_review": "review",
    "narrative_review": "review",
    "guideline": "guideline",
    "consensus_statement": "guideline",
    "regulatory": "regulatory",
    "patient_information": "patient_information",
}

#: Never cited: what a document of this status says no longer holds.
UNCITABLE: frozenset[str] = frozenset({"retracted", "withdrawn"})
