#!/usr/bin/env python3
"""Reference values for the Laplace approximation: writes `laplace.json` next to this file.

An implementation of Leaning's inference that shares nothing with the library:
plain formulas, many starting points, and fifty decimal digits at the end.  The
tests compare the library's `mean` and `covariance` with what is written here.

    python3 tests/golden/make_laplace.py            write laplace.json (a few minutes)
    python3 tests/golden/make_laplace.py NAME...    solve only these cases, write nothing

Requirements: numpy, scipy, mpmath.  The seeds are fixed: a second run writes the
same file.

The model
---------
Weights w over d base rewards, learned from choices as in arXiv 2503.06358 ("Language
Model Personalization via Reward Factorization"), with the project's answer model: a
lapse eps (a slip of the finger) and a band of indifference delta.  With u_k = w . phi_k
for the candidates shown and s(t) = 1 / (1 + exp(-t)):

    K candidates, k chosen      P = (1 - eps) softmax(u)_k + eps / K
    two candidates, no tie      P = (1 - eps) s(u) + eps / 2,          u = u_1 - u_2
    two candidates and a tie    first   (1 - eps) s( u - delta) + eps / 3
                                second  (1 - eps) s(-u - delta) + eps / 3
                                tie     (1 - eps) (exp(2 delta) - 1) s(u - delta) s(-u - delta)
                                        + eps / 3
    two candidates, graded      level l of L, from "second, much" to "first, much":
                                (1 - eps) (s(u - c_l) - s(u - c_(l+1))) + eps / L,
                                cuts -gamma, -delta, delta, gamma with a tie, else
                                -gamma, 0, gamma; outermost are -inf and inf
    one candidate, rated        the same with u = b + w . (phi - phibar), L = n levels and
                                the cuts spread log(l / (n - l)), l = 1..n-1; b is the
                                person's leniency, b ~ N(0, tau^2)
    one candidate, rejected     such a rating, the lower of two levels, with one cut at 0
    best b and worst w of K     (1 - eps) exp(u_b - u_w) / sum over ordered pairs i != j
                                of exp(u_i - u_j)  +  eps / (K (K - 1))
    an order of K, in groups    (1 - eps) sum over the permutations that agree of
                                prod_i exp(u_i) / (sum of exp(u) over i and all after it)
                                + eps / (K! / prod of the groups' sizes!); within a group
                                any order agrees
    a statement about w_j       w_j was observed as `weight`, with Gaussian error `sd`

    objective   = (w - mu)' inv(Sigma) (w - mu) / 2  +  sum over statements of
                  ((w_j - weight) / sd)^2 / 2  -  sum over answers of log P
                  +  b^2 / (2 tau^2)
    mean        = the w with the lowest objective
    covariance  = inv( inv(Sigma) + sum over statements of e_j e_j' / sd^2
                       + sum over answers of sum over outcomes o of
                         (grad P_o) (grad P_o)' / P_o )              at that w

The objective leaves out what does not depend on w in the Gaussians (their normalizing
constants) and keeps everything in log P.

Where an answer depends on b and tau > 0, b is one more unknown after the d weights, with the
prior blockdiag(Sigma, tau^2).  The objective is then the lowest over (w, b), `mean` is the w of
that point, and `covariance` the d x d block of the (d + 1) x (d + 1) inverse.  Where no answer
depends on b, or tau = 0, there is no such unknown and no such term.

The meaning of a log entry
--------------------------
* A tie is on offer when delta > 0 and two candidates are shown, unless the entry has its
  own list `offered` with neither "tie" nor "neither" in it.
* `neither` counts as a tie where a tie is on offer.  Elsewhere it tells nothing, and so
  does a tie that an earlier answer model offered.
* With more than two candidates `tie` and `neither` tell nothing.  `skip` never tells
  anything.
* An entry that tells nothing adds nothing to the objective and nothing to the
  information.
* `retract` removes the entry that it names.
* Grades are on offer when `offered` has "grades" or the entry has a `grade`.  A tie (or
  what counts as one) is then the level in the middle.  A choice without a grade says only
  which: it is a pair as above.
* phibar is the entry's `reference`, else the mean of the scores of all candidates of the
  deck.  n is the entry's `of`.
* In a deck with `answers.ratings`, or with `answers.kind` "rating", `neither` rejects each
  candidate shown, whatever the entry's kind.  It is no tie there, so that `offered` with
  "neither" alone does not put a tie on offer.
* `tie` and `neither` about an order, or about a best and worst, tell nothing elsewhere.
* A deck without `answers.much`: gamma = 2, or 2 delta where delta is at least 1.  Without
  `answers.spread`: 1.4.  Without `answers.leniency`: tau = 1.
* A deck without `prior`: mu = 0 and Sigma = diag(4 / (d v_j)), v_j the mean of the
  squared score difference over all unordered pairs within prompts, the pairs of all
  prompts pooled; 4 / d where nothing varies.  A deck without `answers`: eps = 0.02,
  delta = 0.5.

How the mode is found
---------------------
With a lapse the log posterior is not concave.  So each case is minimized from the prior
mean, from the end of Fisher scoring, from the mode without a lapse, from modes of
random halves of the answers and from draws of the prior, narrow and wide (trust-region
Newton in coordinates in which the prior is standard normal).  Every distinct end is
polished by Newton's method in 50-digit arithmetic until the Newton decrement is below
1e-40.  `modes` lists the objectives of all distinct modes, lowest first; `mean` and
`covariance` belong to the first of them, and `unique` says whether it is the only one
found (without a lapse it is the only one there is).

Before a case is written, the gradient and the Hessian are compared with finite
differences, the objective with formulas as naive as the ones above, the outcomes'
probabilities are summed, the information is compared with the mean observed Hessian,
and both matrices are factorized.
"""

import json
import math
import sys
import time
import zlib
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import mpmath
import numpy as np
from mpmath import mp
from scipy.optimize import minimize

OUTPUT = Path(__file__).resolve().with_name("laplace.json")
DIGITS = 50
DEFAULT_LAPSE, DEFAULT_INDIFFERENCE = 0.02, 0.5
DEFAULT_MUCH, DEFAULT_SPREAD, DEFAULT_LENIENCY = 2.0, 1.4, 1.0

mp.dps = DIGITS


# ---------------------------------------------------------------------------------------
# Arithmetic: the same formulas run in doubles (to search) and in 50 digits (to be right).


@dataclass(frozen=True)
class Arithmetic:
    number: type
    exp: object
    log: object
    log1p: object
    expm1: object
    dtype: object

    def array(self, values):
        """An array of this arithmetic's numbers; doubles are taken over exactly."""
        values = np.asarray(values)
        if self.dtype is float:
            return values.astype(float)
        out = np.empty(values.shape, dtype=object)
        out.flat = [self.number(v) for v in values.flat]
        return out

    def zeros(self, *shape):
        return self.array(np.zeros(shape))

    def log_sigmoid(self, t):
        return -self.log1p(self.exp(-t)) if t >= 0 else t - self.log1p(self.exp(t))

    def sigmoid(self, t):
        return self.exp(self.log_sigmoid(t))

    def log_sum_exp(self, values):
        top = max(values)
        return top + self.log(sum(self.exp(v - top) for v in values))


DOUBLE = Arithmetic(float, math.exp, math.log, math.log1p, math.expm1, float)
EXACT = Arithmetic(mpmath.mpf, mpmath.exp, mpmath.log, mpmath.log1p, mpmath.expm1, object)


class NotPositiveDefinite(Exception):
    pass


def cholesky(ar, matrix):
    """Lower triangular L with L L' = matrix."""
    n = len(matrix)
    low = ar.zeros(n, n)
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i, j] - low[i, :j].dot(low[j, :j])
            if i > j:
                low[i, j] = rest / low[j, j]
            elif rest > 0:
                low[i, i] = rest**0.5 if ar.dtype is float else mpmath.sqrt(rest)
            else:
                raise NotPositiveDefinite
    return low


def cholesky_solve(low, right):
    """x with L L' x = right; `right` may have several columns."""
    n = len(low)
    x = right.copy()
    for i in range(n):
        x[i] = (x[i] - low[i, :i].dot(x[:i])) / low[i, i]
    for i in reversed(range(n)):
        x[i] = (x[i] - low[i + 1 :, i].dot(x[i + 1 :])) / low[i, i]
    return x


def inverse(ar, matrix):
    out = cholesky_solve(cholesky(ar, matrix), ar.array(np.eye(len(matrix))))
    return (out + out.T) / 2


# ---------------------------------------------------------------------------------------
# Reading a deck and a log.


@dataclass(frozen=True)
class AnswerModel:
    lapse: float
    indifference: float
    much: float
    spread: float
    leniency: float
    rejects: bool  # whether `neither` rejects each candidate shown


@dataclass(frozen=True)
class Answer:
    """An answer that tells something: `outcome` is an index into the possible outcomes, or
    for an order the rank of each candidate, 0 the best."""

    # "pair" (two outcomes), "pair-or-tie" (three), "choice" (K), "grades" and "rating" (a level
    # each), "best-worst" (K (K - 1)), "order"
    kind: str
    scores: tuple
    outcome: object
    cuts: tuple = ()
    reference: tuple = ()

    def rows(self):
        """What is linear in the weights, in 50 digits."""
        phi = EXACT.array(self.scores)
        if self.kind == "choice":
            return phi - phi[self.outcome]
        if self.kind == "order":
            return phi - phi[self.outcome.index(0)]
        if self.kind == "rating":
            return phi - EXACT.array(self.reference)
        if self.kind == "best-worst":
            rows = np.array([phi[i] - phi[j] for i, j in ordered_pairs(len(phi))])
            return rows - rows[self.outcome]
        return phi[:1] - phi[1:]


def ordered_pairs(count):
    return list(permutations(range(count), 2))


def arrangements(ranks):
    """Every outcome of an order with groups of these sizes."""
    return sorted(set(permutations(ranks)))


def agreeing(ranks):
    """The permutations, best first, that agree with these ranks."""
    everyone = permutations(range(len(ranks)))
    return [p for p in everyone if all(ranks[a] <= ranks[b] for a, b in zip(p, p[1:]))]


def grade_cuts(model, tie):
    much, band = mpmath.mpf(model.much), mpmath.mpf(model.indifference)
    return (-much, -band, band, much) if tie else (-much, mpmath.mpf(0), much)


def rating_cuts(model, levels):
    return tuple(
        mpmath.mpf(model.spread) * mpmath.log(mpmath.mpf(level) / (levels - level))
        for level in range(1, levels)
    )


@dataclass(frozen=True)
class Statement:
    dimension: int
    weight: float
    sd: float


@dataclass(frozen=True)
class Problem:
    """The inference problem that a deck and a log pose."""

    mean: object  # mu, 50 digits
    covariance: object  # Sigma, 50 digits
    lapse: float
    indifference: float
    answers: tuple
    statements: tuple
    dimensions: int  # one fewer than `mean` has where the leniency is among the unknowns


def default_prior(deck):
    d = len(deck["dimensions"])
    squares, pairs = EXACT.zeros(d), 0
    for prompt in deck["prompts"]:
        scores = [EXACT.array(c["scores"]) for c in prompt["candidates"]]
        for i in range(len(scores)):
            for j in range(i):
                squares = squares + (scores[i] - scores[j]) ** 2
                pairs += 1
    v = squares / pairs
    variances = [mpmath.mpf(4) / d / (vj if vj > 0 else 1) for vj in v]
    return EXACT.zeros(d), EXACT.array(np.diag(variances))


def read_model(deck):
    model = deck.get("answers", {})
    indifference = model.get("indifference", DEFAULT_INDIFFERENCE)
    return AnswerModel(
        model.get("lapse", DEFAULT_LAPSE),
        indifference,
        model.get("much", DEFAULT_MUCH if indifference < 1 else 2 * indifference),
        model.get("spread", DEFAULT_SPREAD),
        model.get("leniency", DEFAULT_LENIENCY),
        "ratings" in model or model.get("kind") == "rating",
    )


def read_answers(entry, model, average):
    """The entry's Answers: none if it tells nothing, one for each candidate if it rejects
    them all.  `average` is the mean of the scores of the deck's candidates."""
    kind, shown, scores = entry.get("kind", "answer"), entry["shown"], entry["scores"]
    scores = tuple(map(tuple, scores))
    assert len(set(shown)) == len(shown) == len(scores)
    reference = tuple(entry.get("reference", average))
    offered = entry.get("offered")
    verdict = entry.get("verdict")
    assert verdict in (None, "tie", "neither", "skip")
    assert verdict is None or offered is None or verdict in offered
    if verdict == "neither" and model.rejects:
        cuts = (mpmath.mpf(0),)
        return [Answer("rating", (one,), 0, cuts, reference) for one in scores]
    if kind == "rating":
        assert len(shown) == 1
        if verdict is not None:
            return []
        assert 1 <= entry["rating"] <= entry["of"]
        cuts = rating_cuts(model, entry["of"])
        return [Answer("rating", scores, entry["rating"] - 1, cuts, reference)]
    if kind == "best-worst":
        assert 3 <= len(shown) <= 4
        if verdict is not None:
            return []
        pair = shown.index(entry["best"]), shown.index(entry["worst"])
        return [Answer("best-worst", scores, ordered_pairs(len(shown)).index(pair))]
    if kind == "order":
        assert 2 <= len(shown) <= 4
        if verdict is not None:
            return []
        groups = [[g] if isinstance(g, str) else g for g in entry["order"]]
        assert len(groups) >= 2 and sorted(sum(groups, [])) == sorted(shown)
        ranks = [next(r for r, group in enumerate(groups) if name in group) for name in shown]
        return [Answer("order", scores, tuple(ranks))]

    assert kind == "answer" and len(shown) >= 2
    ties = ("tie",) if model.rejects else ("tie", "neither")
    tie_on_offer = (
        len(shown) == 2
        and model.indifference > 0
        and (offered is None or any(tie in offered for tie in ties))
    )
    graded = "grade" in entry or (offered is not None and "grades" in offered)
    assert not graded or len(shown) == 2
    if "grade" in entry:
        assert offered is None or "grades" in offered
        cuts, first = grade_cuts(model, tie_on_offer), shown.index(entry["chose"]) == 0
        level = {"slightly": 1, "much": 0}[entry["grade"]]
        return [Answer("grades", scores, len(cuts) - level if first else level, cuts)]
    if "chose" in entry:
        outcome = shown.index(entry["chose"])
        kind = "choice" if len(shown) > 2 else "pair-or-tie" if tie_on_offer else "pair"
        return [Answer(kind, scores, outcome)]
    if verdict in ties and tie_on_offer:
        if graded:
            return [Answer("grades", scores, 2, grade_cuts(model, True))]
        return [Answer("pair-or-tie", scores, 2)]
    return []


def read(deck, log):
    names = [dimension["id"] for dimension in deck["dimensions"]]
    assert log["deck"] == {"id": deck["id"], "version": deck["version"], "dimensions": names}
    if "prior" in deck:
        mean = EXACT.array(deck["prior"]["mean"])
        covariance = EXACT.array(deck["prior"]["covariance"])
        assert (covariance == covariance.T).all()
    else:
        mean, covariance = default_prior(deck)
    model = read_model(deck)
    all_scores = [EXACT.array(c["scores"]) for p in deck["prompts"] for c in p["candidates"]]
    average = tuple(sum(all_scores) / len(all_scores))

    entries = log["answers"]
    retracted = {r["of"] for r in entries if r.get("kind") == "retract"}
    answers, statements = [], []
    for entry in entries:
        kind = entry.get("kind", "answer")
        if kind == "retract" or entry.get("id") in retracted:
            continue
        if kind == "statement":
            at = names.index(entry["dimension"])
            statements.append(Statement(at, entry["weight"], entry["sd"]))
        else:
            answers += read_answers(entry, model, average)
    if model.leniency > 0 and any(a.kind == "rating" for a in answers):
        mean = np.append(mean, EXACT.array([0]))
        covariance = np.pad(covariance, (0, 1), constant_values=mpmath.mpf(0))
        covariance[-1, -1] = mpmath.mpf(model.leniency) ** 2
    return Problem(mean, covariance, model.lapse, model.indifference, tuple(answers),
                   tuple(statements), len(names))


# ---------------------------------------------------------------------------------------
# The answer model.


def outcomes(ar, answer, u, delta):
    """For every possible outcome: log p without the lapse, and that logarithm's gradient
    and Hessian in u.  For two candidates u is the one difference u_1 - u_2, for best and
    worst all differences."""
    kind = answer.kind
    if kind == "order":
        return [order(ar, u, ranks) for ranks in arrangements(answer.outcome)]
    if kind in ("choice", "best-worst"):
        total = ar.log_sum_exp(u)
        p = ar.array([ar.exp(v - total) for v in u])
        hessian = np.outer(p, p) - np.diag(p)
        unit = ar.array(np.eye(len(u)))
        return [(u[k] - total, unit[k] - p, hessian) for k in range(len(u))]
    t = u[0]
    log_s, s = ar.log_sigmoid, ar.sigmoid

    def one(log_p, slope, curvature):
        return log_p, ar.array([slope]), ar.array([[curvature]])

    if kind in ("grades", "rating"):
        return [one(*level) for level in levels(ar, t, answer.cuts)]
    if kind == "pair":
        curvature = -s(t) * s(-t)
        return [one(log_s(t), s(-t), curvature), one(log_s(-t), -s(t), curvature)]
    first, second = t - delta, -t - delta
    bend_first, bend_second = -s(first) * s(-first), -s(second) * s(-second)
    return [
        one(log_s(first), s(-first), bend_first),
        one(log_s(second), -s(-second), bend_second),
        one(
            ar.log(ar.expm1(2 * delta)) + log_s(first) + log_s(second),
            s(-first) - s(-second),
            bend_first + bend_second,
        ),
    ]


def levels(ar, t, cuts):
    """log p, slope and curvature of each level, from the product
    (1 - exp(c_l - c_(l+1))) s(t - c_l) s(c_(l+1) - t)."""
    cuts = [ar.number(c) for c in cuts]
    for low, high in zip([None, *cuts], [*cuts, None]):
        log_p = slope = curvature = ar.number(0)
        if low is not None:
            log_p += ar.log_sigmoid(t - low)
            slope += ar.sigmoid(low - t)
            curvature -= ar.sigmoid(t - low) * ar.sigmoid(low - t)
        if high is not None:
            log_p += ar.log_sigmoid(high - t)
            slope -= ar.sigmoid(t - high)
            curvature -= ar.sigmoid(t - high) * ar.sigmoid(high - t)
        if low is not None and high is not None:
            log_p += ar.log(-ar.expm1(low - high))
        yield log_p, slope, curvature


def order(ar, u, ranks):
    """log p of an order, and its gradient and Hessian in u."""
    unit, first_of = ar.array(np.eye(len(u))), {}

    def first(left):
        """Being first of those that are left: what does not depend on who it is."""
        if left not in first_of:
            total = ar.log_sum_exp([u[k] for k in left])
            p = sum(ar.exp(u[k] - total) * unit[k] for k in left)
            first_of[left] = total, p, np.outer(p, p) - np.diag(p)
        return first_of[left]

    parts = []
    for permutation in agreeing(ranks):
        log_p, a, b = ar.number(0), ar.zeros(len(u)), ar.zeros(len(u), len(u))
        for place, k in enumerate(permutation[:-1]):
            total, p, curvature = first(tuple(sorted(permutation[place:])))
            log_p, a, b = log_p + u[k] - total, a + unit[k] - p, b + curvature
        parts.append((log_p, a, b))
    total = ar.log_sum_exp([part[0] for part in parts])
    shares = [ar.exp(part[0] - total) for part in parts]
    slope = sum(share * a for share, (_, a, _) in zip(shares, parts))
    hessian = sum(share * (b + np.outer(a, a)) for share, (_, a, b) in zip(shares, parts))
    return total, slope, hessian - np.outer(slope, slope)


def observed(ar, answer, u, delta):
    """The outcome that was observed, and the number of possible outcomes."""
    if answer.kind == "order":
        return order(ar, u, answer.outcome), len(arrangements(answer.outcome))
    possible = outcomes(ar, answer, u, delta)
    return possible[answer.outcome], len(possible)


def with_lapse(ar, log_p, lapse, count):
    """log P for P = (1 - lapse) p + lapse / count, and the share r of the first term."""
    if lapse == 0:
        return log_p, ar.number(1), ar.number(0)
    lapse = ar.number(lapse)
    meant, slipped = ar.log1p(-lapse) + log_p, ar.log(lapse / count)
    total = ar.log_sum_exp([meant, slipped])
    return total, ar.exp(meant - total), ar.exp(slipped - total)


class Posterior:
    """The negative log posterior of a problem, in one arithmetic."""

    def __init__(self, ar, problem, lapse=None, answers=None):
        self.ar = ar
        self.lapse = problem.lapse if lapse is None else lapse
        self.delta = ar.number(problem.indifference)
        exact_precision = inverse(EXACT, problem.covariance)
        self.mean = ar.array(problem.mean)
        self.precision = ar.array(exact_precision)
        self.statements = [
            (s.dimension, ar.number(s.weight), ar.number(s.sd)) for s in problem.statements
        ]
        self.answers = []
        for a in problem.answers if answers is None else answers:
            rows = a.rows()
            if len(self.mean) > problem.dimensions:
                own = mpmath.mpf(a.kind == "rating")
                rows = np.pad(rows, ((0, 0), (0, 1)), constant_values=own)
            self.answers.append((a, ar.array(rows)))

    def evaluate(self, w, hessian=True):
        """Objective, gradient and (observed) Hessian."""
        ar, d = self.ar, len(w)
        away = w - self.mean
        g = self.precision.dot(away)
        f = away.dot(g) / 2
        h = self.precision.copy() if hessian else None
        for j, weight, sd in self.statements:
            miss = (w[j] - weight) / sd
            f += miss * miss / 2
            g[j] += miss / sd
            if hessian:
                h[j, j] += 1 / sd**2
        for answer, rows in self.answers:
            (log_p, a, b), count = observed(ar, answer, rows.dot(w), self.delta)
            log_total, r, rest = with_lapse(ar, log_p, self.lapse, count)
            f -= log_total
            g = g - r * a.dot(rows)
            if hessian:
                h = h - rows.T.dot((r * b + r * rest * np.outer(a, a)).dot(rows))
        return f, g, h

    def information(self, w):
        """Prior precision plus the expected Fisher information of every answer."""
        ar = self.ar
        total = self.precision.copy()
        for j, _, sd in self.statements:
            total[j, j] += 1 / sd**2
        for answer, rows in self.answers:
            possible = outcomes(ar, answer, rows.dot(w), self.delta)
            k = len(rows)
            inner = ar.zeros(k, k)
            for log_p, a, _ in possible:
                log_total, r, _ = with_lapse(ar, log_p, self.lapse, len(possible))
                inner = inner + ar.exp(log_total) * r * r * np.outer(a, a)
            total = total + rows.T.dot(inner.dot(rows))
        return total


# ---------------------------------------------------------------------------------------
# Searching in doubles.


class Search:
    """A posterior in coordinates x, w = mu + L x, in which the prior is standard normal."""

    def __init__(self, problem, root, lapse=None, answers=None):
        self.inner = Posterior(DOUBLE, problem, lapse, answers)
        self.root = root
        # The prior in x is written down, not computed through Sigma.
        self.inner.precision = np.zeros_like(self.inner.precision)

    def evaluate(self, x, hessian=True):
        f, g, h = self.inner.evaluate(self.inner.mean + self.root @ x, hessian)
        h = np.eye(len(x)) + self.root.T @ h @ self.root if hessian else None
        return f + x @ x / 2, x + self.root.T @ g, h

    def descend(self, start):
        return minimize(
            lambda x: self.evaluate(x, False)[0],
            start,
            jac=lambda x: self.evaluate(x, False)[1],
            hess=lambda x: self.evaluate(x)[2],
            method="trust-exact",
            options={"gtol": 1e-9, "maxiter": 1000},
        ).x

    def fisher_scoring(self):
        """From the prior mean: the path that the library takes."""
        x = np.zeros(len(self.root))
        f, g, _ = self.evaluate(x, False)
        for _ in range(500):
            info = self.inner.information(self.inner.mean + self.root @ x)
            step = np.linalg.solve(np.eye(len(x)) + self.root.T @ info @ self.root, g)
            if g @ step < 1e-20:
                break
            length = 1.0
            while length > 1e-12:
                f_next, g_next, _ = self.evaluate(x - length * step, False)
                if f_next < f:
                    break
                length /= 2
            else:
                break
            x, f, g = x - length * step, f_next, g_next
        return x


def starts(problem, search, rng):
    """Starting points: at least ten random ones, and the likely traps."""
    d = len(search.root)
    yield np.zeros(d)
    yield search.fisher_scoring()
    for scale in [0.1, 1.0, 4.0]:
        for _ in range(4):
            yield scale * rng.standard_normal(d)
    if problem.lapse > 0 and problem.answers:
        concave = Search(problem, search.root, lapse=0.0)
        yield concave.descend(np.zeros(d))
        for _ in range(24 if d <= 8 else 6):
            half = [a for a in problem.answers if rng.random() < 0.5]
            yield Search(problem, search.root, 0.0, half).descend(np.zeros(d))
        if d <= 8:
            for scale in [0.003, 0.03, 0.3, 1.0, 2.0, 4.0, 10.0]:
                for _ in range(60 // d + 4):
                    yield scale * rng.standard_normal(d)


# ---------------------------------------------------------------------------------------
# Polishing, in 50 digits.


def polish(posterior, w):
    """Damped Newton until the decrement is below 1e-40; returns (objective, mode)."""
    f, g, h = posterior.evaluate(w)
    for _ in range(300):
        ridge = mpmath.mpf(0)
        while True:
            try:
                low = cholesky(EXACT, h + ridge * posterior.precision)
                break
            except NotPositiveDefinite:
                ridge = ridge * 4 if ridge else mpmath.mpf(1)
        step = cholesky_solve(low, g)
        decrement = mpmath.sqrt(g.dot(step))
        if ridge == 0 and decrement < mpmath.mpf(10) ** -40:
            return f, w
        length = mpmath.mpf(1)
        while decrement > 1e-8:
            if posterior.evaluate(w - length * step, False)[0] < f:
                break
            length /= 2
        w = w - length * step
        f, g, h = posterior.evaluate(w)
    raise RuntimeError("Newton's method did not settle")


def distance(prior_precision, a, b):
    """Between two weights, in prior standard deviations."""
    return float(mpmath.sqrt((a - b).dot(prior_precision.dot(a - b))))


def solve(name, problem):
    rng = np.random.default_rng(zlib.crc32(b"starts of " + name.encode()))
    exact = Posterior(EXACT, problem)
    exact_root = cholesky(EXACT, problem.covariance)
    search = Search(problem, exact_root.astype(float))

    ends = []
    for start in starts(problem, search, rng):
        x = search.descend(start)
        if all(np.linalg.norm(x - y) > 1e-5 * (1 + np.linalg.norm(x)) for y in ends):
            ends.append(x)

    modes = []  # (objective, weights), distinct
    for x in ends:
        f, w = polish(exact, exact.mean + exact_root.dot(EXACT.array(x)))
        if all(distance(exact.precision, w, other) > 1e-9 for _, other in modes):
            modes.append((f, w))
    modes.sort(key=lambda mode: mode[0])
    assert problem.lapse > 0 or len(modes) == 1, "concave, so there is one mode"

    w = modes[0][1]
    information = exact.information(w)
    covariance = inverse(EXACT, information)
    check(name, problem, exact, exact_root, w, information, covariance, rng)

    scored = exact.mean + exact_root.dot(EXACT.array(search.fisher_scoring()))
    _, scored = polish(exact, scored)
    reached = [i for i, m in enumerate(modes) if distance(exact.precision, scored, m[1]) < 1e-9]
    return modes, covariance, reached[0]


# ---------------------------------------------------------------------------------------
# Checks.


def naive_probabilities(answer, w, own, delta, lapse):
    """The formulas of the docstring, literally; `own` is the person's leniency b."""
    kind, phi = answer.kind, EXACT.array(answer.scores)
    u = [row.dot(w) for row in phi]

    def s(t):
        return 1 / (1 + mpmath.exp(-t))

    if kind == "choice":
        p = [mpmath.exp(v) / sum(mpmath.exp(v) for v in u) for v in u]
    elif kind == "pair":
        p = [s(u[0] - u[1]), s(u[1] - u[0])]
    elif kind == "pair-or-tie":
        p = [s(u[0] - u[1] - delta), s(u[1] - u[0] - delta)]
        p.append(1 - p[0] - p[1])
    elif kind in ("grades", "rating"):
        t = u[0] - u[1] if kind == "grades" else own + u[0] - EXACT.array(answer.reference).dot(w)
        above = [1] + [s(t - cut) for cut in answer.cuts] + [0]
        p = [above[level] - above[level + 1] for level in range(len(answer.cuts) + 1)]
    elif kind == "best-worst":
        pairs = ordered_pairs(len(u))
        total = sum(mpmath.exp(u[i] - u[j]) for i, j in pairs)
        p = [mpmath.exp(u[i] - u[j]) / total for i, j in pairs]
    else:
        p = []
        for ranks in arrangements(answer.outcome):
            p.append(mpmath.mpf(0))
            for order in permutations(range(len(u))):
                if [ranks[k] for k in order] == sorted(ranks):
                    left = [[mpmath.exp(u[k]) for k in order[i:]] for i in range(len(u))]
                    p[-1] += mpmath.fprod(rest[0] / sum(rest) for rest in left)
    return [(1 - lapse) * v + lapse / len(p) for v in p]


def naive_objective(problem, w):
    """The objective from the docstring's formulas, with digits enough to bear them."""
    d = problem.dimensions
    reach = max([abs(EXACT.array(a.scores).dot(w[:d])).max() for a in problem.answers] + [0])
    with mp.workdps(2 * DIGITS + int(reach)):
        away = w - problem.mean
        f = away.dot(inverse(EXACT, problem.covariance).dot(away)) / 2
        for s in problem.statements:
            f += ((w[s.dimension] - s.weight) / mpmath.mpf(s.sd)) ** 2 / 2
        delta, lapse = mpmath.mpf(problem.indifference), mpmath.mpf(problem.lapse)
        own = w[d] if len(w) > d else mpmath.mpf(0)
        for a in problem.answers:
            p = naive_probabilities(a, w[:d], own, delta, lapse)
            assert abs(sum(p) - 1) < mpmath.mpf(10) ** -DIGITS
            at = arrangements(a.outcome).index(a.outcome) if a.kind == "order" else a.outcome
            f -= mpmath.log(p[at])
        return f


def check(name, problem, exact, root, mode, information, covariance, rng):
    d = len(mode)

    def close(a, b, scale, tolerance):
        assert abs(a - b) <= tolerance * (1 + abs(scale)), (name, float(a), float(b))

    # Objective, gradient and Hessian, at the mode and away from it.
    away = exact.mean + root.dot(EXACT.array(rng.standard_normal(d)))
    step = mpmath.mpf(10) ** -15
    for w in (mode, away):
        f, g, h = exact.evaluate(w)
        naive = naive_objective(problem, w)
        close(f, naive, naive, 1e-40)
        for _ in range(2):
            v = root.dot(EXACT.array(rng.standard_normal(d)))
            size = v.dot(h.dot(v))
            f_up, g_up, _ = exact.evaluate(w + step * v, False)
            f_down, g_down, _ = exact.evaluate(w - step * v, False)
            close((f_up - f_down) / (2 * step), g.dot(v), size, 1e-12)
            close(v.dot(g_up - g_down) / (2 * step), v.dot(h.dot(v)), size, 1e-12)

    # The information is the observed Hessian's mean over the outcomes, without the prior's
    # part: E[-hess log P] = sum grad P grad P' / P.
    v = root.dot(EXACT.array(rng.standard_normal(d)))
    expected = v.dot(exact.precision.dot(v))
    expected += sum((v[j] / sd) ** 2 for j, _, sd in exact.statements)
    for answer, rows in exact.answers:
        possible = outcomes(EXACT, answer, rows.dot(mode), exact.delta)
        z, total = rows.dot(v), mpmath.mpf(0)
        for log_p, a, b in possible:
            log_total, r, rest = with_lapse(EXACT, log_p, exact.lapse, len(possible))
            p = mpmath.exp(log_total)
            total += p
            expected -= p * (r * z.dot(b.dot(z)) + r * rest * a.dot(z) ** 2)
        close(total, 1, 1, 1e-45)
    close(v.dot(information.dot(v)), expected, expected, 1e-35)

    # A covariance, and the inverse of the information.
    cholesky(EXACT, covariance)
    assert np.linalg.eigvalsh(correlation(covariance)).min() > 0
    product = covariance.dot(information)
    assert abs(product - EXACT.array(np.eye(d))).max() < mpmath.mpf(10) ** -25, name


def correlation(covariance):
    scale = np.array([mpmath.sqrt(v) for v in np.diag(covariance)], dtype=object)
    return (covariance / np.outer(scale, scale)).astype(float)


# ---------------------------------------------------------------------------------------
# Making decks and logs.


def rounded(values, digits):
    """Lists of doubles with few significant digits, so that the file stays small."""
    if isinstance(values, (list, tuple, np.ndarray)):
        return [rounded(v, digits) for v in values]
    return float(f"{float(values):.{digits}g}")


def correlated(rng, d, scales, digits=4):
    """A full covariance with these standard deviations; every correlation is below 1."""
    factors = rng.standard_normal((d, max(1, d // 2)))
    plain = factors @ factors.T + d / 3 * np.eye(d)
    sd = np.sqrt(np.diag(plain))
    full = plain / np.outer(sd, sd) * np.outer(scales, scales)
    return rounded(np.tril(full) + np.tril(full, -1).T, digits)


class Builder:
    """One case: a deck, and a log that a simulated person leaves behind."""

    def __init__(self, name, d, *, prior=None, answers=None, spread=1.0, prompts=2,
                 candidates=3, constant=(), person=None, ids=True, decimals=2, own=0.0):
        """`prior`: None or (mean, covariance) or a function of (rng, d) that gives them;
        `answers`: None, (lapse, indifference) or the deck's field; `spread`: the scores' scale,
        a number or one for each dimension; `constant`: dimensions that never vary within a
        prompt; `decimals`: of the scores, before they are spread; `own`: the person's leniency."""
        self.name, self.d, self.ids, self.decimals = name, d, ids, decimals
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))
        self.spread = np.broadcast_to(np.asarray(spread, dtype=float), (d,))
        names = [f"d{j + 1}" for j in range(d)]
        deck = {
            "format": "leaning-deck/1",
            "id": f"golden-{name}",
            "version": "1",
            "language": "en",
            "title": name,
            "dimensions": [{"id": n, "label": n, "low": "less", "high": "more"} for n in names],
        }
        if callable(prior):
            prior = prior(self.rng, d)
        if prior is not None:
            deck["prior"] = {"mean": list(prior[0]), "covariance": [list(r) for r in prior[1]]}
        if isinstance(answers, dict):
            deck["answers"] = answers
        elif answers is not None:
            deck["answers"] = {"lapse": answers[0], "indifference": answers[1]}
        deck["prompts"] = []
        for p in range(prompts):
            scores = [self.scores() for _ in range(candidates)]
            for j in constant:
                for other in scores:
                    other[j] = scores[0][j]
            deck["prompts"].append({
                "id": f"p{p + 1}",
                "text": "?",
                "candidates": [
                    {"id": "abcde"[k], "text": "abcde"[k].upper(), "scores": scores[k]}
                    for k in range(candidates)
                ],
            })
        self.deck = deck
        self.log = {
            "format": "leaning-answers/1",
            "deck": {"id": deck["id"], "version": "1", "dimensions": names},
            "answers": [],
        }
        problem = read(deck, self.log)
        self.model, self.own = read_model(deck), own
        if person is None:
            root = cholesky(EXACT, problem.covariance).astype(float)
            person = problem.mean.astype(float) + root @ self.rng.standard_normal(d)
        self.person = np.asarray(person, dtype=float)

    def scores(self):
        return rounded(self.spread * self.rng.standard_normal(self.d).round(self.decimals), 6)

    def add(self, entry):
        if self.ids:
            entry = {"id": f"k{len(self.log['answers']) + 1}", **entry}
        self.log["answers"].append(entry)
        return entry.get("id")

    def entry(self, k, scores, shown, offered, kind=None):
        number = len(self.log["answers"]) + 1
        scores = [self.scores() for _ in range(k)] if scores is None else scores
        shown = [f"q{number}/{'abcde'[i]}" for i in range(len(scores))] if shown is None else shown
        entry = {} if kind is None else {"kind": kind}
        entry |= {"shown": shown, "scores": [list(map(float, s)) for s in scores]}
        if offered is not None:
            entry["offered"] = offered
        return entry

    def ask(self, say=None, k=2, scores=None, offered=None, slip=None, shown=None):
        """One answer.  `say`: the index chosen, a verdict, or None to let the person
        answer by the model (or, with slip=False, always choose the best)."""
        entry = self.entry(k, scores, shown, offered)
        if say is None:
            say = self.answer_of(entry, slip)
        entry |= {"verdict": say} if isinstance(say, str) else {"chose": entry["shown"][say]}
        return self.add(entry)

    def answer_of(self, entry, slip):
        if slip is False:
            return int(np.argmax(np.array(entry["scores"]) @ self.person))
        drawn, probe = self.drawn({**entry, "chose": entry["shown"][0]})
        return "tie" if probe.kind == "pair-or-tie" and drawn == 2 else drawn

    def drawn(self, entry):
        """The outcome drawn by the model in place of the one in the entry, and the Answer
        that the entry was read as."""
        average = np.mean([c["scores"] for p in self.deck["prompts"] for c in p["candidates"]], 0)
        [probe] = read_answers(entry, self.model, average)
        u = probe.rows().astype(float) @ self.person + self.own * (probe.kind == "rating")
        possible = outcomes(DOUBLE, probe, u, self.model.indifference)
        lapse = self.model.lapse
        p = [math.exp(with_lapse(DOUBLE, o[0], lapse, len(possible))[0]) for o in possible]
        return int(self.rng.choice(len(p), p=np.array(p) / sum(p))), probe

    def grade(self, say=None, scores=None, offered=None, shown=None):
        """`say`: (index, grade), an index (which one, but no grade), a verdict, or None."""
        entry = self.entry(2, scores, shown, offered)
        if say is None:
            drawn, probe = self.drawn({**entry, "chose": entry["shown"][0], "grade": "much"})
            says = [(1, "much"), (1, "slightly"), "tie", (0, "slightly"), (0, "much")]
            say = (says if len(probe.cuts) == 4 else says[:2] + says[3:])[drawn]
        if isinstance(say, tuple):
            entry |= {"chose": entry["shown"][say[0]], "grade": say[1]}
        else:
            entry |= {"verdict": say} if isinstance(say, str) else {"chose": entry["shown"][say]}
        return self.add(entry)

    def rate(self, say=None, of=5, reference=None, scores=None, offered=None, shown=None):
        """`say`: a rating from 1, a verdict, or None.  `reference`: scores, or the number of
        candidates that it is the mean of."""
        entry = self.entry(1, scores, shown, offered, "rating")
        if isinstance(reference, int):
            reference = np.mean([self.scores() for _ in range(reference)], 0).round(4).tolist()
        if reference is not None:
            entry["reference"] = reference
        say = self.drawn({**entry, "rating": 1, "of": of})[0] + 1 if say is None else say
        return self.add(entry | {"verdict" if isinstance(say, str) else "rating": say, "of": of})

    def best_worst(self, say=None, k=3, scores=None, offered=None, shown=None):
        """`say`: (best, worst), a verdict, or None."""
        entry = self.entry(k, scores, shown, offered, "best-worst")
        names = entry["shown"]
        if say is None:
            drawn, _ = self.drawn({**entry, "best": names[0], "worst": names[1]})
            say = ordered_pairs(len(names))[drawn]
        return self.add(entry | ({"verdict": say} if isinstance(say, str)
                                 else {"best": names[say[0]], "worst": names[say[1]]}))

    def order(self, groups=(1, 1, 1), say=None, scores=None, offered=None, shown=None):
        """`groups`: their sizes; `say`: the rank of each candidate, a verdict, or None."""
        ranks = tuple(rank for rank, size in enumerate(groups) for _ in range(size))
        entry = self.entry(len(ranks), scores, shown, offered, "order")
        names = entry["shown"]
        if isinstance(say, str):
            return self.add(entry | {"verdict": say})
        drawn, _ = self.drawn(entry | {"order": self.groups(names, ranks)})
        say = arrangements(ranks)[drawn] if say is None else say
        return self.add(entry | {"order": self.groups(names, say)})

    @staticmethod
    def groups(names, ranks):
        groups = [[n for n, r in zip(names, ranks) if r == rank] for rank in sorted(set(ranks))]
        return [group[0] if len(group) == 1 else group for group in groups]

    def reject(self, k=2, reference=None, kind=None, **how):
        """`neither`, which rejects what is shown where the deck has ratings."""
        entry = self.entry(k, how.get("scores"), how.get("shown"), how.get("offered"), kind)
        if reference is not None:
            entry["reference"] = reference
        entry["verdict"] = "neither"
        return self.add(entry | ({"of": how.get("of", 5)} if kind == "rating" else {}))

    def mixed(self, turns, reference=3):
        """Questions of every kind in turn."""
        for i in turns:
            (
                lambda: self.ask(k=2 + i % 3),
                lambda: self.grade(),
                lambda: self.rate(of=(2, 5, 7, 11)[i // 7 % 4], reference=reference),
                lambda: self.best_worst(k=3 + i // 7 % 2),
                lambda: self.order(((1, 1, 1), (1, 1), (1, 2, 1), (1, 1, 1, 1))[i // 7 % 4]),
                lambda: self.rate(),
                lambda: self.order(((1, 2), (2, 1), (2, 2), (1, 3))[i // 7 % 4]),
            )[i % 7]()

    def ask_from_deck(self, count, k=2):
        for _ in range(count):
            prompt = self.deck["prompts"][self.rng.integers(len(self.deck["prompts"]))]
            picked = self.rng.permutation(len(prompt["candidates"]))[:k]
            picked = [prompt["candidates"][i] for i in picked]
            self.ask(scores=[c["scores"] for c in picked],
                     shown=[f"{prompt['id']}/{c['id']}" for c in picked])

    def many(self, count, **how):
        for _ in range(count):
            self.ask(**how)

    def retract(self, of):
        self.add({"kind": "retract", "of": of})

    def state(self, dimension, weight, sd):
        self.add({"kind": "statement", "dimension": f"d{dimension}", "weight": weight, "sd": sd})

    def case(self):
        # The numbers as a reader of the file sees them.
        return self.name, *json.loads(json.dumps([self.deck, self.log]))


def diagonal(variances, mean=None):
    d = len(variances)
    return ([0.0] * d if mean is None else mean), np.diag(np.array(variances, dtype=float)).tolist()


def population(scale=1.0, digits=4, shift=0.7):
    """A full prior with a mean that is not zero."""

    def make(rng, d):
        scales = np.broadcast_to(np.asarray(scale, dtype=float), (d,))
        mean = rounded(shift * scales * rng.standard_normal(d), 3)
        return mean, correlated(rng, d, scales / math.sqrt(d) * 2, digits)

    return make


def build():
    made = []

    def new(name, d, **how):
        made.append(Builder(name, d, **how))
        return made[-1]

    # No answers, or hardly any.
    new("empty-d1", 1)
    new("empty-d2-prior", 2, prior=population())
    new("empty-d6", 6, answers=(0.0, 0.0))
    new("empty-d16-prior", 16, prior=population(), prompts=1, candidates=2)
    new("one-choice-d1", 1).ask(0)
    new("one-tie-d1", 1, prior=([0.8], [[2.0]])).ask("tie")
    new("one-neither-d2", 2, prior=population()).ask("neither")
    new("one-skip-d2", 2, prior=population()).ask("skip")
    new("one-choice-d2-plain-logistic", 2, answers=(0.0, 0.0)).ask(1)
    new("one-choice-d3-lapse-0.2-band-2", 3, answers=(0.2, 2.0), prior=population()).ask(0)
    new("one-of-four-d3", 3, prior=population()).ask(2, k=4)

    # Every answer model, with and without a prior.
    turn = 0
    for lapse in (0.0, 0.02, 0.2):
        for band in (0.0, 0.5, 2.0):
            d = (2, 3, 6)[turn % 3 - turn // 3]
            b = new(f"model-lapse-{lapse:g}-band-{band:g}-d{d}", d, answers=(lapse, band),
                    prior=population(1.5) if turn % 2 else None)
            b.many(18)
            turn += 1

    # Many answers, many dimensions.
    new("from-the-deck-d6", 6, candidates=4, prompts=4, ids=False).ask_from_deck(24)
    new("many-d1", 1, prior=([-0.4], [[3.0]])).many(64)
    new("many-d3-lapse-0", 3, answers=(0.0, 0.5), decimals=1).many(80)
    new("many-d8", 8, decimals=1).many(60)
    new("many-d8-prior-band-0", 8, answers=(0.02, 0.0), prior=population(1.5), decimals=1).many(
        62)
    new("many-d6-lapse-0.2", 6, answers=(0.2, 0.5), prior=population(2.0), decimals=1).many(70)
    new("d16", 16, decimals=1).many(40)
    new("d16-prior-lapse-0", 16, answers=(0.0, 0.5), prior=population(), decimals=1).many(30)
    new("d16-prior-lapse-0.2-choices", 16, answers=(0.2, 0.0), prior=population(),
        decimals=1).many(14, k=4)
    new("d32-prior", 32, prior=population(1.0, 3), prompts=1, candidates=2, decimals=1).many(20)
    new("d64", 64, prompts=1, candidates=3, decimals=1).many(16)
    new("d64-prior-lapse-0", 64, answers=(0.0, 0.5), prior=population(1.0, 2), prompts=1,
        candidates=2, decimals=1).many(16)

    # Badly scaled.
    scales = np.logspace(-3, 3, 6)
    new("scales-d6-prior", 6, prior=population(scales), spread=1 / scales).many(25)
    scales = np.logspace(3, -3, 8)
    new("scales-d8-prior-lapse-0", 8, answers=(0.0, 0.5), prior=population(scales, shift=2.0),
        spread=1 / scales).many(22)
    new("scales-d6-no-prior", 6, spread=np.logspace(-3, 3, 6)).many(25)
    new("scales-d3-prior-lapse-0.2", 3, answers=(0.2, 2.0), prior=population([1e3, 1.0, 1e-3]),
        spread=[1e-3, 1.0, 1e3]).many(20)
    new("prior-very-narrow-d3", 3, prior=population(1e-3)).many(20)

    # Separable: every answer agrees with one direction, and the prior is weak.
    new("separable-d1-weak", 1, answers=(0.0, 0.0), prior=diagonal([1e6]), person=[1.0]).many(
        12, slip=False)
    new("separable-d2-weak", 2, answers=(0.0, 0.0), prior=diagonal([1e6, 1e4]),
        person=[1.0, -0.6]).many(20, slip=False)
    new("separable-d3-weak-lapse-0.02", 3, prior=diagonal([1e4] * 3),
        person=[1.0, 0.5, -0.8]).many(15, slip=False)
    new("separable-d6-weak-lapse-0", 6, answers=(0.0, 0.5), prior=diagonal([1e4] * 6), decimals=1,
        person=[1.0, -1.0, 0.5, 0.2, -0.3, 0.8]).many(60, slip=False)
    new("separable-d3-weak-choices", 3, answers=(0.0, 0.5), prior=diagonal([1e5] * 3),
        person=[-1.0, 0.3, 0.6]).many(20, slip=False, k=4)
    new("separable-d2-default-prior", 2, person=[1.0, 0.4]).many(25, slip=False)

    # Rewards in the thousands.
    new("thousands-d2-lapse-0", 2, answers=(0.0, 0.0), prior=diagonal([1.0, 1.0]), spread=2000.0,
        person=[1.0, 0.5]).many(12, slip=False)
    b = new("thousands-d3-lapse-0-contradicting", 3, answers=(0.0, 0.5), prior=population(1.0),
            spread=1500.0)
    b.many(10, slip=False)
    b.ask("tie")
    for _ in range(4):
        b.ask(int(b.rng.integers(2)))
    b.ask(1, k=3)
    new("thousands-d2-lapse-0.02", 2, prior=diagonal([1.0, 1.0]), spread=2000.0,
        person=[0.8, -0.5]).many(3, slip=False)
    b = new("thousands-d3-lapse-0.02-contradicting", 3, prior=population(1.0), spread=1500.0)
    b.many(8, slip=False)
    for _ in range(3):
        b.ask(int(b.rng.integers(2)))
    b = new("thousands-d2-lapse-0.2-choices", 2, answers=(0.2, 0.5), prior=population(1.0),
            spread=3000.0)
    b.many(2, slip=False, k=3)
    b.many(2, slip=False)
    # A narrow prior keeps the rewards in the thousands at the mode, too.
    narrow = ([3.0, -2.0], [[1e-6, 2e-7], [2e-7, 1e-6]])
    b = new("thousands-at-the-mode-lapse-0", 2, answers=(0.0, 0.5), prior=narrow, spread=1000.0)
    b.many(4, slip=False)
    b.many(2, slip=False, k=3)
    b.ask("tie")
    b.ask(0, scores=[[-900.0, 500.0], [700.0, -400.0]])
    b = new("thousands-at-the-mode-lapse-0.2", 2, answers=(0.2, 0.5), prior=narrow, spread=1000.0)
    b.many(4, slip=False)
    b.many(2, slip=False, k=3)
    b.ask("tie")
    b.ask(0, scores=[[-900.0, 500.0], [700.0, -400.0]])
    b.ask(1, scores=[[1.0, 2.0], [0.5, 1.0]])
    # The mean of the prior is so far from the answer that the slope there is zero.
    new("thousands-d1-lapse-0.02-far-prior", 1, prior=([-3.0], [[1.0]]), spread=1000.0).ask(
        0, scores=[[1500.0], [-500.0]])
    new("thousands-d1-lapse-0-far-prior", 1, answers=(0.0, 0.5), prior=([-3.0], [[1.0]])).ask(
        0, scores=[[1500.0], [-500.0]])

    # The same question many times.
    b = new("repeated-same-lapse-0", 2, answers=(0.0, 0.5))
    b.many(30, say=0, scores=[b.scores(), b.scores()])
    b = new("repeated-same-lapse-0.02", 3, prior=population())
    b.many(20, say=1, scores=[b.scores(), b.scores()])
    b = new("repeated-mixed-lapse-0", 3, answers=(0.0, 0.5))
    same = [b.scores(), b.scores()]
    for i in range(30):
        b.ask((0, 1, "tie", 0, "neither", 0)[i % 6], scores=same)
    b = new("repeated-mixed-lapse-0.02", 2)
    same = [b.scores(), b.scores()]
    for i in range(12):
        # Some with the sides exchanged.
        b.ask((0, 1, 0, 0)[i % 4], scores=same[:: -1 if i % 6 == 5 else 1])
    b = new("repeated-mixed-lapse-0.2-choices", 3, answers=(0.2, 0.0), prior=population(2.0))
    same = [b.scores() for _ in range(4)]
    for i in range(15):
        b.ask((0, 1, 0, 0, 3)[i % 5], scores=same)

    # Candidates that are the same.
    b = new("duplicates-d3", 3, prior=population())
    for say in (0, "tie", 1, "neither"):
        b.ask(say, scores=[b.scores()] * 2)
    b = new("duplicates-d2-band-0-lapse-0", 2, answers=(0.0, 0.0))
    same = b.scores()
    b.many(5, say=0, scores=[same, same])
    b.ask(1)
    b = new("duplicates-of-four-d3", 3)
    for say in (0, 1, 2, 3):
        same = b.scores()
        b.ask(say, scores=[same, b.scores(), same, b.scores()])

    # A dimension that never varies: in the deck, and in the deck and the log.
    new("constant-in-deck-d3", 3, constant=[1]).many(10)
    b = new("constant-everywhere-d4", 4, constant=[0, 2])
    b.ask_from_deck(12)
    b = new("constant-everywhere-d3-prior", 3, constant=[2], prior=population())
    b.ask_from_deck(12)

    # Choices among three, four and five.
    b = new("choices-mixed-d3", 3)
    for i in range(16):
        b.ask(k=2 + i % 4)
    b = new("choices-mixed-d6-lapse-0-band-0", 6, answers=(0.0, 0.0), prior=population(2.0))
    for i in range(20):
        b.ask(k=2 + i % 4)
    b.ask("tie", k=3, offered=["choice", "tie", "neither", "skip"])
    b.ask("neither", k=4, offered=["choice", "tie", "neither", "skip"])
    b.ask("skip", k=5)
    b = new("choices-mixed-d3-lapse-0.2-band-2", 3, answers=(0.2, 2.0), prior=population(2.0))
    for i in range(20):
        b.ask(k=2 + i % 4)
    b.ask("tie", k=3, offered=["choice", "tie", "neither", "skip"])
    b.ask("neither", k=5, offered=["choice", "tie", "neither", "skip"])
    new("choices-of-five-d8", 8, answers=(0.02, 0.0)).many(14, k=5)

    # Ties, neither, skip.
    new("all-ties-d3", 3, prior=population(2.0)).many(12, say="tie")
    new("all-ties-d2-lapse-0-band-2", 2, answers=(0.0, 2.0), prior=population(2.0)).many(
        12, say="tie")
    b = new("verdicts-mixed-d6", 6, prior=population())
    for say in (0, "tie", "skip", 1, "neither", "tie", 0, "skip", "neither", 1, 0):
        b.ask(say)
    b = new("neither-band-0-d3", 3, answers=(0.02, 0.0), prior=population())
    for say in (0, "neither", 1, "skip", "neither", 0):
        b.ask(say)

    # The entry's own list of the answers on offer.
    every = ["choice", "tie", "neither", "skip"]
    b = new("offered-d3", 3, prior=population())
    for say, offered in (
        (0, ["choice"]), (1, ["choice", "skip"]), (0, every), ("tie", every),
        ("tie", ["choice", "tie"]), (1, ["choice", "tie", "skip"]),
        (0, ["choice", "neither", "skip"]), ("neither", ["choice", "neither", "skip"]),
        ("skip", ["choice", "skip"]), (1, None), ("tie", None), (0, ["choice", "skip"]),
    ):
        b.ask(say, offered=offered)
    b = new("offered-band-0-d3", 3, answers=(0.02, 0.0))
    for say, offered in (
        (0, every), ("tie", every), ("neither", every), (1, ["choice"]), (0, None),
        ("skip", every), (1, ["choice", "tie"]),
    ):
        b.ask(say, offered=offered)
    b = new("offered-choice-only-d2-band-2-lapse-0.2", 2, answers=(0.2, 2.0))
    for say in (0, 0, 1, 0, 1, 1, 0, 0):
        b.ask(say, offered=["choice", "skip"])

    # Statements and retractions.
    b = new("statements-only-d3", 3, prior=population())
    b.state(1, 0.8, 0.3)
    b.state(3, -0.5, 0.7)
    b.state(1, 0.2, 0.5)
    b = new("statements-sharp-and-vague-d3", 3)
    b.many(6)
    b.state(1, 1.5, 0.001)
    b.state(2, -40.0, 1000.0)
    b.state(3, 0.0, 1.0)
    b.many(4)
    b = new("retract-d6", 6)
    first = b.ask(0)
    b.many(5)
    b.retract(first)
    wrong = b.ask("tie")
    b.state(2, 3.0, 0.1)
    b.retract(b.log["answers"][-1]["id"])
    b.state(4, -1.0, 0.5)
    b.retract(wrong)
    b.many(4)
    b = new("retract-everything-d2", 2, prior=population())
    for say in (0, "tie", 1):
        b.retract(b.ask(say))

    # More than one mode: an answer that is either a slip or a surprise.
    b = new("two-modes-d1", 1, answers=(0.02, 0.0), prior=([-6.0], [[4.0]]))
    b.ask(0, scores=[[2.0], [-2.0]])
    b.ask(0, scores=[[1.5], [-1.0]])
    b = new("two-modes-d2-lapse-0.2", 2, answers=(0.2, 0.5),
            prior=([3.0, 0.5], [[2.0, 0.3], [0.3, 1.0]]))
    for _ in range(3):
        b.ask(1, scores=[[3.0, 0.5], [-3.0, 0.2]])
    b.many(4, slip=False)

    kinds_of_answers(new)
    return [b.case() for b in made]


def kinds_of_answers(new):
    """Cases with graded pairs, ratings, best and worst, orders and rejections.  `new` makes
    a case's Builder and keeps it."""

    def brief(name, d, lapse=0.02, band=0.5, prior=True, own=0.0, candidates=2, **fields):
        """A case with few digits; `prior`: True for a correlated one."""
        if fields.get("kind") in ("best-worst", "order"):
            candidates = 4
        return new(name, d, answers={"lapse": lapse, "indifference": band, **fields}, own=own,
                   prior=population(1.5, 3) if prior is True else prior, decimals=1, prompts=1,
                   candidates=candidates)

    def repeat(count, ask, **how):
        for _ in range(count):
            ask(**how)

    # Graded pairs: four levels and five, `much` close to the band, far from it and absent.
    graded = [
        brief("grades-of-4-d2", 2, band=0.0, prior=None, grades=4),
        brief("grades-of-5-d1", 1, prior=None, grades=4, much=1.2),
        brief("grades-of-5-d3-lapse-0", 3, lapse=0.0, grades=4),
        brief("grades-of-5-d6-lapse-0.3", 6, lapse=0.3, grades=4),
        brief("grades-much-just-above-the-band-d3-lapse-0", 3, lapse=0.0, grades=4, much=0.501),
        brief("grades-much-far-from-the-band-d3", 3, grades=4, much=15.0),
        brief("grades-band-2-d2", 2, band=2.0, grades=4),
    ]
    for b in graded:
        repeat(9, b.grade)
    b = brief("grades-offered-d3", 3, grades=4)
    four, five = ["choice", "grades", "skip"], ["choice", "grades", "tie", "neither", "skip"]
    for say, offered in (
        (0, five), ("tie", five), ("neither", five), ("skip", five), ((1, "slightly"), five),
        ((0, "much"), four), ((1, "slightly"), four), (1, four), ("skip", four),
        ((0, "slightly"), ["choice", "grades", "neither", "skip"]), ((1, "much"), None),
    ):
        b.grade(say, offered=offered)
    b = brief("grades-band-0-verdicts-d2", 2, band=0.0, grades=4)
    for say, offered in (((0, "much"), None), ("tie", five), ("neither", five), (1, five),
                         ((1, "slightly"), five), (0, None)):
        b.grade(say, offered=offered)

    # Ratings: numbers of levels, references, leniency and spread.
    b = brief("one-rating-d1", 1, prior=None, ratings=5)
    b.rate(4)
    for name, d, levels, how in (
        ("ratings-of-2-d2", 2, 2, {"prior": None, "own": 0.6}),
        ("ratings-of-5-d3", 3, 5, {"candidates": 3, "own": -1.0}),
        ("ratings-of-7-d2-lapse-0.3", 2, 7, {"lapse": 0.3, "own": 0.5}),
        ("ratings-of-11-d6-lapse-0", 6, 11, {"lapse": 0.0, "own": -0.4}),
    ):
        b = brief(name, d, ratings=levels, **how)
        for i in range(8):
            b.rate(of=levels, reference=3 if i % 2 else None)
    b = brief("ratings-mixed-levels-d4", 4, ratings=5, own=0.3)
    for i in range(12):
        b.rate(of=(2, 3, 5, 7, 11)[i % 5], reference=(None, 2, 4)[i % 3])
    for name, lapse, own, fields in (
        ("ratings-leniency-0-d3", 0.02, 0.0, {"leniency": 0.0}),
        ("ratings-leniency-0.01-d3-lapse-0", 0.0, 0.0, {"leniency": 0.01}),
        ("ratings-leniency-30-d3", 0.02, 8.0, {"leniency": 30.0}),
        ("ratings-spread-0.2-d3-lapse-0", 0.0, 0.0, {"spread": 0.2}),
        ("ratings-spread-6-d3", 0.02, 1.0, {"spread": 6.0}),
    ):
        b = brief(name, 3, lapse=lapse, own=own, kind="rating", **fields)
        for i in range(7):
            b.rate(reference=3 if i % 3 else None)
        b.ask()
    b = brief("ratings-all-5-weak-prior-d2-lapse-0", 2, lapse=0.0, prior=diagonal([1e4, 1e4]))
    repeat(6, b.rate, say=5)
    b = brief("ratings-all-skipped-d2", 2, ratings=5)
    repeat(2, b.rate, say="skip", offered=["rating", "neither", "skip"])
    repeat(4, b.ask)
    b = brief("ratings-all-retracted-d3", 3, ratings=7)
    for say in (7, 1):
        b.retract(b.rate(say, of=7))
    b.grade((0, "much"))
    b.state(2, 0.6, 0.4)

    # Best and worst.
    for name, d, k, how in (
        ("best-worst-of-3-d2", 2, 3, {"prior": None}),
        ("best-worst-of-4-d3-lapse-0", 3, 4, {"lapse": 0.0}),
        ("best-worst-of-4-d6-lapse-0.3", 6, 4, {"lapse": 0.3, "prior": population(0.8, 3)}),
    ):
        b = brief(name, d, kind="best-worst", **how)
        b.deck["candidatesPerQuestion"] = k
        repeat(5, b.best_worst, k=k)
        b.best_worst("skip", k=k, offered=["best-worst", "neither", "skip"])
        b.best_worst("neither", k=k, offered=["best-worst", "neither", "skip"])

    # Orders, full and partial.
    b = brief("orders-full-d2", 2, prior=None, kind="order")
    for k in (2, 3, 4, 3):
        b.order((1,) * k)
    b.order((1, 1, 1), "neither", offered=["order", "neither", "skip"])
    b.order((1, 1, 1), "skip", offered=["order", "skip"])
    b = brief("orders-of-4-d7-lapse-0", 7, lapse=0.0, kind="order")
    repeat(4, b.order, groups=(1, 1, 1, 1))
    partial = ((1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (1, 1, 2), (1, 2, 1), (2, 1, 1))
    b = brief("orders-partial-d3-lapse-0", 3, lapse=0.0, kind="order")
    for groups in partial:
        b.order(groups)
    b = brief("orders-partial-d2-lapse-0.3", 2, lapse=0.3, kind="order")
    for groups in partial[2:5]:
        b.order(groups)
    b = brief("orders-partial-d10", 10, kind="order")
    for groups in partial[:6]:
        b.order(groups)

    # `neither` where the deck has ratings.
    b = brief("rejections-d2", 2, ratings=5)
    b.reject(1, reference=[0.1, -0.2], kind="rating", offered=["rating", "neither", "skip"])
    for k in (2, 3, 4):
        b.reject(k, reference=[0.1, -0.2] if k % 2 else None)
    repeat(3, b.ask)
    b = brief("rejections-of-every-kind-d4-lapse-0", 4, lapse=0.0, kind="rating", own=-0.5)
    b.reject(1, reference=[0.5, 0.0, -0.5, 0.25], kind="rating",
             offered=["rating", "neither", "skip"])
    b.reject(3, kind="best-worst", offered=["best-worst", "neither", "skip"])
    b.reject(2, kind="order", offered=["order", "neither", "skip"])
    b.reject(2, offered=["choice", "grades", "tie", "neither", "skip"])
    b.reject(2, offered=["choice", "tie", "neither", "skip"])
    b.rate(5)
    b.ask("tie")
    b.grade("tie", offered=["choice", "grades", "tie", "neither", "skip"])
    b = brief("rejections-leniency-0-d2-lapse-0.3", 2, lapse=0.3, ratings=2, leniency=0.0)
    repeat(3, b.reject)
    b.rate(2, of=2)
    # Where `neither` rejects, it is no tie: these choices have two outcomes, the last has three.
    b = brief("rejections-offer-no-tie-d2", 2, ratings=5)
    for say, offered in ((0, ["choice", "neither", "skip"]), (1, ["choice", "neither"]),
                         (0, ["choice", "tie", "neither"])):
        b.ask(say, offered=offered)

    # Candidates that are the same, and one that is its own reference.
    b = brief("kinds-duplicates-d3", 3, ratings=5)
    same, other = b.scores(), b.scores()
    b.grade((0, "slightly"), scores=[same, same])
    b.grade("tie", scores=[same, same])
    b.rate(5, scores=[same], reference=same)
    b.best_worst((0, 2), scores=[same, other, same])
    b.best_worst((2, 1), scores=[same, same, same])
    b.order(say=(0, 1, 1, 2), groups=(1, 2, 1), scores=[same, other, same, same])
    b.order(say=(1, 0), groups=(1, 1), scores=[same, same])
    b.reject(scores=[same, same])

    # Every kind in one log.
    b = brief("mixed-d1", 1, prior=None, ratings=5, own=0.4)
    b.mixed(range(1, 12))
    b = brief("mixed-d4-lapse-0", 4, lapse=0.0, grades=4, ratings=7, own=-0.6)
    b.mixed(range(14))
    for name, scale in (("mixed-d5-lapse-0.3", 0.7), ("mixed-d5-lapse-0.3-wide-prior", 1.5)):
        b = brief(name, 5, lapse=0.3, band=1.5, prior=population(scale, 3), grades=4, ratings=7,
                  own=0.7)
        b.mixed(range(7, 18))
    b = brief("mixed-d8-band-0", 8, band=0.0, grades=4, ratings=11, leniency=0.5)
    b.mixed(range(14, 28))
    b = brief("mixed-d12-statements-retractions-and-skips", 12, ratings=5, own=1.0)
    b.mixed(range(7))
    wrong = [b.rate(1), b.best_worst((1, 0)), b.order((1, 1), (1, 0)), b.grade((1, "much")),
             b.reject(2)]
    b.state(3, 0.8, 0.3)
    for of in wrong:
        b.retract(of)
    b.state(12, -0.5, 0.6)
    b.rate("skip")
    b.best_worst("skip", k=4)
    b.order((1, 2), "skip")
    b.grade("skip")
    b.ask("skip", k=3)
    b.mixed(range(8, 14), reference=2)

    # Rewards in the thousands; and at the mode, too, under a narrow prior.
    def extremes(b, size):
        b.grade((0, "much"), scores=[[size, 0.3 * size], [-0.5 * size, 0.2 * size]])
        b.grade((1, "slightly"), scores=[[0.9 * size, 0.1 * size], [0.1 * size, 0.8 * size]])
        b.grade("tie", scores=[[0.7 * size, -0.1 * size], [0.2 * size, 0.4 * size]])
        b.rate(3, scores=[[size, -0.4 * size]], reference=[0.1 * size, 0.2 * size])
        b.rate(1, scores=[[0.8 * size, 0.1 * size]], reference=[-0.1 * size, 0.3 * size])
        b.rate(7, of=7, scores=[[0.4 * size, 0.6 * size]], reference=[0.0, 0.0])
        shown = [[0.5 * size, -size], [-0.2 * size, 0.6 * size], [0.9 * size, 0.4 * size]]
        b.best_worst((1, 0), scores=shown)
        b.order((1, 1, 1), (2, 0, 1), scores=shown)
        b.order((1, 2), (1, 0, 1), scores=shown[::-1])
        b.reject(scores=[[0.6 * size, 0.1 * size], [-0.3 * size, 0.2 * size]])

    narrow = ([3.0, -2.0], [[1e-6, 2e-7], [2e-7, 1e-6]])
    for name, lapse, prior, size in (
        ("kinds-thousands-lapse-0", 0.0, diagonal([1.0, 1.0]), 2000.0),
        ("kinds-thousands-at-the-mode-lapse-0", 0.0, narrow, 1000.0),
        ("kinds-thousands-at-the-mode-lapse-0.3", 0.3, narrow, 1000.0),
        ("kinds-tens-lapse-0.02", 0.02, diagonal([1.0, 2.0]), 20.0),
    ):
        extremes(brief(name, 2, lapse=lapse, prior=prior, ratings=5), size)


# ---------------------------------------------------------------------------------------
# Writing.


def digits17(value):
    """JSON with 17 significant digits: enough to give back the very double."""
    if isinstance(value, (list, np.ndarray)):
        return "[" + ",".join(map(digits17, value)) + "]"
    text = f"{float(value):.17g}"
    return text if any(c in text for c in ".e") else text + ".0"


def plain(value):
    return json.dumps(value, separators=(",", ":"))


def write(cases):
    blocks = []
    for name, deck, log, modes, covariance in cases:
        d = len(deck["dimensions"])
        lines = {
            "name": plain(name),
            "deck": plain(deck),
            "log": plain(log),
            "mean": digits17(modes[0][1][:d]),
            "covariance": digits17(covariance[:d, :d]),
            "objective": digits17(modes[0][0]),
            "modes": digits17([f for f, _ in modes]),
            "unique": plain(len(modes) == 1),
        }
        blocks.append("{" + ",\n".join(f'"{key}":{text}' for key, text in lines.items()) + "}")
    text = '{"cases":[\n' + ",\n".join(blocks) + "\n]}\n"
    json.loads(text)
    OUTPUT.write_text(text)


def main():
    wanted = sys.argv[1:]
    cases = build()
    names = [case[0] for case in cases]
    assert len(set(names)) == len(names) and set(wanted) <= set(names)
    solved = []
    for name, deck, log in cases:
        if wanted and name not in wanted:
            continue
        began = time.monotonic()
        problem = read(deck, log)
        modes, covariance, reached = solve(name, problem)
        note = "" if len(modes) == 1 else (
            f"  {len(modes)} modes: " + " ".join(f"{float(f):.6g}" for f, _ in modes)
            + f"; Fisher scoring from the prior mean ends in number {reached + 1}")
        print(f"{name:42} d={problem.dimensions:<3} informative: {len(problem.answers):3} "
              f"objective {float(modes[0][0]):.8g}  {time.monotonic() - began:.1f} s{note}",
              file=sys.stderr, flush=True)
        solved.append((name, deck, log, modes, covariance))
    if not wanted:
        write(solved)
    several = sum(len(s[3]) > 1 for s in solved)
    print(f"{len(solved)} cases, {several} with more than one mode", file=sys.stderr)


if __name__ == "__main__":
    main()
