"""One person's interview: asking, answering, ranking, and the profile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _html, _leaning
from ._matrix import mappings, matrix
from .deck import Deck
from .errors import LeaningError

Verdict: TypeAlias = Literal["tie", "neither", "skip"]
Grade: TypeAlias = Literal["slightly", "much"]
Candidates: TypeAlias = "ArrayLike | Sequence[Mapping[str, object]]"
"""Candidates from outside the deck: n × d scores, or n mappings with ``scores`` and, if they are
given, ``id``, ``prompt`` or ``name``."""


@dataclass(frozen=True)
class ShownCandidate:
    """A candidate in a question.

    Attributes:
        name: Its full name, ``prompt/candidate``.
        text: The candidate itself, if the deck has it.
        index: Its place in the prompt, or in the list that was handed in.
        scores: d numbers.
    """

    name: str
    text: str | None
    index: int
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Question:
    """A question to ask.

    Attributes:
        prompt: The id of its prompt; ``None`` for candidates from outside the deck.
        text: What the prompt asks, if the deck has it.
        candidates: In the order in which to show them.
        kind: What it asks for: ``choice``, ``grades``, ``rating``, ``best-worst`` or ``order``.
        levels: The number of levels of a rating.
        offered: The kinds of answer on offer.
        strategy: The acquisition rule that chose it.
        score: Its score under that rule.
    """

    prompt: str | None
    text: str | None
    candidates: tuple[ShownCandidate, ...]
    kind: str
    levels: int | None
    offered: tuple[str, ...]
    strategy: str
    score: float


@dataclass(frozen=True)
class Reason:
    """Why a candidate stands where it does, as far as one dimension goes.

    Attributes:
        dimension: The id of the dimension.
        towards: The end, ``low`` or ``high``, on whose side of the average candidate it lies.
        middle: Whether the person likes the middle of the dimension best.
        contribution: What it adds to the reward, relative to the average candidate.
    """

    dimension: str
    towards: str
    middle: bool
    contribution: float


@dataclass(frozen=True)
class Ranked:
    """One candidate in a ranking.

    Attributes:
        index: Its place in the list that was handed in.
        id: The id that was handed in with it.
        name: Its name in the log.
        reward: λᵀφ at the mean weights. Only differences within one list mean anything.
        sd: Posterior standard deviation of the reward relative to the average candidate's.
        probability_best: The posterior probability that it is the best.
        probability_better: The posterior probability that it is better than everybody's pick.
        population_pick: Whether everybody would get it if nothing were known about anybody.
        softmax_probability: Its share under soft best-of-N; ``None`` without a temperature.
        reasons: The largest contribution first.
    """

    index: int
    id: str | None
    name: str
    reward: float
    sd: float
    probability_best: float
    probability_better: float
    population_pick: bool
    softmax_probability: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Status:
    """Where an interview stands.

    Attributes:
        asked: Questions that the person has dealt with, skips included.
        answered: Questions answered.
        observed: Those of them that were about other candidates than the deck's.
        remaining: Questions still to come; an estimate if the interview may end early.
        stop_reason: Why it is over, if it is.
    """

    asked: int
    answered: int
    observed: int
    remaining: int
    stop_reason: str | None


@dataclass(frozen=True)
class DimensionEstimate:
    """The estimate of one weight.

    Attributes:
        id: The id of the dimension.
        label: What people call it.
        low: Its end of low scores.
        high: Its end of high scores.
        mean: The weight at the mean of the Laplace approximation.
        sd: Posterior standard deviation of the weight.
        interval: Holds the weight with probability 0.9.
        direction: The end, ``low`` or ``high``, to which the weight more probably leans.
        probability_of_direction: The probability of that, at least 0.5.
        confidence: ``high``, ``moderate`` or ``low``.
        standing: ``leans``, ``middle``, ``indifferent`` or ``open``.
        strength: ``slight``, ``fair`` or ``strong``.
        rms_difference: Root mean square score difference in the deck.
        middle: For a curved dimension the probability that the middle is liked best, and the score
            at the peak.
    """

    id: str
    label: str
    low: str
    high: str
    mean: float
    sd: float
    interval: tuple[float, float]
    direction: str
    probability_of_direction: float
    confidence: str
    standing: str
    strength: str
    rms_difference: float
    middle: tuple[float, float] | None


@dataclass(frozen=True)
class Profile:
    """What was learned about a person.

    Attributes:
        dimensions: In the deck's order.
        answers: Number of answers that it is based on, without skips.
        axis_limit: The limit of a picture's axis to either side, for weight × RMS difference.
        person_fit: Ways in which the answers do not look like the model's, each with its
            probability. Usually none.
    """

    dimensions: tuple[DimensionEstimate, ...]
    answers: int
    axis_limit: float
    person_fit: tuple[tuple[str, float], ...]

    def __iter__(self) -> Iterator[DimensionEstimate]:
        return iter(self.dimensions)

    def __getitem__(self, dimension: str) -> DimensionEstimate:
        for of in self.dimensions:
            if of.id == dimension:
                return of
        raise KeyError(dimension)

    def __repr__(self) -> str:
        estimates = ", ".join(f"{of.id}={of.mean:.2f}±{of.sd:.2f}" for of in self.dimensions)
        return f"Profile({estimates}; {self.answers} answers)"

    def _repr_html_(self) -> str:
        def row(of: DimensionEstimate) -> list[object]:
            low, high = (end * of.rms_difference for end in of.interval)
            picture = _html.axis(low, of.mean * of.rms_difference, high, self.axis_limit)
            return [of.label, of.low, picture, of.high, of.standing, of.confidence]

        header = ["dimension", "low", "", "high", "standing", "confidence"]
        about = f"after {self.answers} answers"
        return _html.heading("Profile", about) + _html.table(header, map(row, self.dimensions))


class Interview:
    """One person's interview about a deck. The log is its state.

    The same log gives the same numbers, bit for bit, as in a browser and on the command line.

    Args:
        deck: What to ask about.
        log: Where to go on: a log of the format ``leaning-answers/1``, as JSON text or as its
            fields.
        strategy: The acquisition rule: ``random``, ``margin``, ``d-optimal``, ``a-optimal``,
            ``information-gain``, ``decision`` or ``thompson``.
        questions: The interview ends after so many answers; skips do not count.
        regret: It ends once the expected regret is below this share.
        gain: It ends once the best remaining question would tell less than so many bits.
        candidates_per_question: Number of candidates that a question shows, 2 to 4; the deck's
            number by default.
        half_life: An answer counts half after so many further answers, for people whose taste
            changes.
        repeat_worth: The share of its score at which a question counts if its prompt has been
            asked about before.
        seed: Makes the sides on which candidates are shown predictable.

    Raises:
        LeaningError: ``options`` for one out of range, ``json``, ``log`` or ``deck-mismatch`` for
            a log that cannot be used.
    """

    def __init__(
        self,
        deck: Deck,
        *,
        log: str | Mapping[str, object] | None = None,
        strategy: str = "information-gain",
        questions: int = 12,
        regret: float | None = None,
        gain: float | None = None,
        candidates_per_question: int | None = None,
        half_life: float | None = None,
        repeat_worth: float = 0.9,
        seed: int | None = None,
    ) -> None:
        self._deck = deck
        fields = deck.to_dict()
        self._texts = {
            f"{prompt['id']}/{candidate['id']}": candidate.get("text")
            for prompt in fields["prompts"]
            for candidate in prompt["candidates"]
        }
        self._prompts = {prompt["id"]: prompt.get("text") for prompt in fields["prompts"]}
        self._native = _leaning.Interview(
            deck._native,
            None if log is None else _log_text(log),
            strategy,
            questions,
            regret,
            gain,
            candidates_per_question,
            half_life,
            repeat_worth,
            seed,
        )

    @property
    def deck(self) -> Deck:
        """What it is about."""
        return self._deck

    def next(self) -> Question | None:
        """The question to ask now, the same until it is answered; ``None`` when it is over."""
        return self._question(self._native.question())

    def answer(
        self,
        chose: int | Verdict | None = None,
        /,
        *,
        grade: Grade | None = None,
        rating: int | None = None,
        of: int | None = None,
        best: int | None = None,
        worst: int | None = None,
        order: Sequence[int] | None = None,
    ) -> None:
        """Takes the answer to the question that :meth:`next` gave. Places count from 0.

        Args:
            chose: The place of the candidate that was chosen, or ``tie``, ``neither`` or ``skip``.
            grade: How much better it is.
            rating: The level of a rating, from 1.
            of: The number of levels; the question's by default.
            best: The place of the best candidate.
            worst: The place of the worst candidate.
            order: The places of all candidates, best first.

        Raises:
            LeaningError: Of the code ``answer`` if it is not on offer. Nothing has changed then.
        """
        self._native.answer(_answer(chose, grade, rating, of, best, worst, order))

    def observe(
        self,
        candidates: Candidates,
        chose: int | Verdict | None = None,
        /,
        *,
        grade: Grade | None = None,
        rating: int | None = None,
        of: int | None = None,
        best: int | None = None,
        worst: int | None = None,
        order: Sequence[int] | None = None,
    ) -> None:
        """Learns from an answer given elsewhere, about candidates on the deck's scale.

        A rating is about the first candidate; the others are those that could have been shown
        instead. Other answers are about all of them. The other arguments are those of
        :meth:`answer`.

        Raises:
            LeaningError: ``candidates`` or ``answer``. Nothing has changed then.
        """
        fields = _answer(chose, grade, rating, of, best, worst, order)
        self._native.observe(_candidates(candidates), fields)

    def compare(self, candidates: Candidates) -> Question | None:
        """Those of the candidates whose comparison would tell most; ``None`` if that is not worth
        a person's time. :meth:`observe` takes the answer.
        """
        return self._question(self._native.compare(_candidates(candidates)))

    def undo(self) -> bool:
        """Takes back the last answer; false if there is none."""
        return self._native.undo()

    def retract(self, id: str) -> bool:
        """Takes back any answer by the id of its log entry; false if none that holds has it."""
        return self._native.retract(id)

    def set_weight(self, dimension: str, weight: float) -> None:
        """Takes in a person's own word that a weight is about so large.

        Raises:
            LeaningError: Of the code ``answer``.
        """
        self._native.set_weight(dimension, weight)

    def rank(
        self,
        candidates: Candidates,
        *,
        temperature: float | None = None,
        at_least: float | None = None,
    ) -> list[Ranked]:
        """Ranks candidates of one prompt, best first.

        Args:
            candidates: n × d scores on the deck's scale, or n mappings with ``scores``.
            temperature: Adds the probabilities of soft best-of-N, in units of reward.
            at_least: Everybody's pick comes first unless the best candidate is better with at
                least this probability.

        Raises:
            LeaningError: ``candidates`` or ``options``.
        """
        ids = [of.id for of in self._deck.dimensions]

        def ranked(fields: dict[str, Any]) -> Ranked:
            reasons = fields.pop("reasons")
            return Ranked(
                **fields,
                reasons=tuple(
                    Reason(**{**reason, "dimension": ids[reason["dimension"]]})
                    for reason in reasons
                ),
            )

        return [
            ranked(fields)
            for fields in self._native.rank(_candidates(candidates), temperature, at_least)
        ]

    def profile(self) -> Profile:
        """What was learned about the person."""
        fields = self._native.profile()
        estimates = zip(self._deck.dimensions, fields["dimensions"], strict=True)

        def estimate(of: Any, fields: dict[str, Any]) -> DimensionEstimate:
            middle = fields.pop("middle")
            return DimensionEstimate(
                id=of.id,
                label=of.label,
                low=of.low,
                high=of.high,
                **{**fields, "interval": tuple(fields["interval"])},
                middle=None if middle is None else tuple(middle),
            )

        return Profile(
            dimensions=tuple(estimate(of, found) for of, found in estimates),
            answers=fields["answers"],
            axis_limit=fields["axis_limit"],
            person_fit=tuple((kind, probability) for kind, probability in fields["person_fit"]),
        )

    def status(self) -> Status:
        """Where it stands."""
        return Status(**self._native.status())

    def expected_regret(self) -> float | None:
        """The expected loss of picking for this person, as a share of the possible loss; ``None``
        if no weights describe the person.
        """
        return self._native.expected_regret()

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean of the Laplace approximation: d weights, or more if dimensions are curved."""
        return self._native.laplace()[0]

    @property
    def covariance(self) -> NDArray[np.float64]:
        """The covariance of the Laplace approximation, d × d."""
        return self._native.laplace()[1]

    def samples(
        self, count: int = 1, *, seed: int | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Samples of the exact posterior.

        Args:
            count: With a seed, at least so many are drawn.
            seed: Without one, the samples are those that everything shown comes from.

        Returns:
            The weights, n × d, and the probability of each sample, n.
        """
        return self._native.samples(count, seed)

    def log(self) -> dict[str, Any]:
        """Everything that was said, as the fields of ``leaning-answers/1``."""
        fields: dict[str, Any] = json.loads(self.log_json())
        return fields

    def log_json(self) -> str:
        """Everything that was said, as JSON text, for a file or for a browser's ``importLog``."""
        return self._native.log()

    def import_log(self, log: str | Mapping[str, object]) -> None:
        """Takes in the entries of another log of the deck, each once.

        Raises:
            LeaningError: ``json``, ``log`` or ``deck-mismatch``. Nothing has changed then.
        """
        self._native.merge(_log_text(log))

    def _question(self, fields: dict[str, Any] | None) -> Question | None:
        if fields is None:
            return None
        candidates = tuple(
            ShownCandidate(
                name=one["name"],
                text=None if fields["prompt"] is None else self._texts.get(one["name"]),
                index=one["index"],
                scores=tuple(one["scores"]),
            )
            for one in fields["candidates"]
        )
        return Question(
            prompt=fields["prompt"],
            text=self._prompts.get(fields["prompt"]),
            candidates=candidates,
            kind=fields["kind"],
            levels=fields["of"],
            offered=tuple(fields["offered"]),
            strategy=fields["strategy"],
            score=fields["score"],
        )

    def __repr__(self) -> str:
        status = self.status()
        return f"Interview({self._deck.id!r}, {status.answered} answers)"

    def _repr_html_(self) -> str:
        return self.profile()._repr_html_()


def _log_text(log: str | Mapping[str, object]) -> str:
    return log if isinstance(log, str) else json.dumps(dict(log))


def _candidates(candidates: Candidates) -> list[Mapping[str, object]]:
    named = mappings(candidates)
    if named is None:
        return [{"scores": row} for row in matrix(candidates).tolist()]
    return [_plain(one) for one in named]


def _plain(candidate: Mapping[str, object]) -> Mapping[str, object]:
    """The candidate with its scores as a list."""
    scores = candidate.get("scores")
    if isinstance(scores, np.ndarray):
        return {**candidate, "scores": scores.tolist()}
    return candidate


def _answer(
    chose: int | Verdict | None,
    grade: Grade | None,
    rating: int | None,
    of: int | None,
    best: int | None,
    worst: int | None,
    order: Sequence[int] | None,
) -> dict[str, object]:
    fields: dict[str, object] = {
        "grade": grade,
        "rating": rating,
        "of": of,
        "best": best,
        "worst": worst,
    }
    if isinstance(chose, str):
        fields["verdict"] = chose
    elif chose is not None:
        fields["chose"] = _place("chose", chose)
    if order is not None:
        places = [_place("order", place) for place in order]
        if sorted(places) != list(range(len(places))):
            message = "answer: order: expected each candidate shown, once"
            raise LeaningError(message, "answer", "order")
        fields["ranks"] = [places.index(place) for place in range(len(places))]
    for name in ("rating", "of", "best", "worst"):
        if fields[name] is not None:
            fields[name] = _place(name, fields[name])
    return {name: value for name, value in fields.items() if value is not None}


def _place(name: str, value: object) -> int:
    """A whole number of at least 0, Python's or NumPy's."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 0:
        return int(value)
    message = f"answer: {name}: expected a whole number of at least 0, found {value!r}"
    raise LeaningError(message, "answer", name)
