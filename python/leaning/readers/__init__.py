"""Readers for the field's data sets: responses, comparisons, people, and what was dropped and why.

Each gives :class:`Choices`, whose tables :func:`leaning.fit` takes as they are. They read files of
JSON Lines, JSON and CSV by themselves, Parquet by PyArrow, and rows that are in memory.
"""

from __future__ import annotations

from ._choices import Choices, Dropped
from .arena import chatbot_arena, personal_reward_bench
from .community_alignment import community_alignment
from .helpsteer import helpsteer2, helpsteer_preferences
from .prism import prism
from .summarize import summarize_from_feedback
from .surveys import conjoint, maxdiff
from .ultrafeedback import ultrafeedback

__all__ = [
    "Choices",
    "Dropped",
    "chatbot_arena",
    "community_alignment",
    "conjoint",
    "helpsteer2",
    "helpsteer_preferences",
    "maxdiff",
    "personal_reward_bench",
    "prism",
    "summarize_from_feedback",
    "ultrafeedback",
]
