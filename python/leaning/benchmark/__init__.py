"""How well methods predict people they have never seen, under one protocol.

:func:`run` measures methods side by side; :class:`Method` and :class:`Predictor` are what a method
of one's own has to be. It needs SciPy, and the Gaussian process scikit-learn:
``pip install leaning[benchmark]``. The figures on real choices are in ``docs/benchmark.md``.

| method | see |
|---|---|
| one ranking for everybody | :class:`OneForAll` |
| this package: a fitted deck, and an interview | :class:`Leaning` |
| the published method, without a prior | :class:`Pref` |
| hierarchical Bayes | :class:`MixedLogit` |
| a Gaussian process with a personal part | :class:`GaussianProcess` |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .choices import Answers, Responses
from .factorization import Pref
from .fitted_deck import Leaning
from .method import Method, Predictor, Training, validate
from .mixed_logit import MixedLogit
from .one_for_all import OneForAll
from .protocol import run
from .results import Interval, Measure, Results

if TYPE_CHECKING:
    from .gaussian_process import GaussianProcess

__all__ = [
    "Answers",
    "GaussianProcess",
    "Interval",
    "Leaning",
    "Measure",
    "Method",
    "MixedLogit",
    "OneForAll",
    "Predictor",
    "Pref",
    "Responses",
    "Results",
    "Training",
    "run",
    "validate",
]


def __getattr__(name: str) -> Any:
    # It needs scikit-learn, which the rest does not.
    if name == "GaussianProcess":
        from .gaussian_process import GaussianProcess

        return GaussianProcess
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
