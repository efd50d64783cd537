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
    a statement about w_j       w_j was observed as `weight`, with Gaussian error `sd`

    objective   = (w - mu)' inv(Sigma) (w - mu) / 2  +  sum over statements of
                  ((w_j - weight) / sd)^2 / 2  -  sum over answers of log P
    mean        = the w with the lowest objective
    covariance  = inv( inv(Sigma) + sum over statements of e_j e_j' / sd^2
                       + sum over answers of sum over outcomes o of
                         (grad P_o) (grad P_o)' / P_o )              at that w

The objective leaves out what does not depend on w in the Gaussians (their normalizing
constants) and keeps everything in log P.

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
from pathlib import Path

import mpmath
import numpy as np
from mpmath import mp
from scipy.optimize import minimize

OUTPUT = Path(__file__).resolve().with_name("laplace.json")
DIGITS = 50
DEFAULT_LAPSE, DEFAULT_INDIFFERENCE = 0.02, 0.5

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
class Answer:
    """An answer that tells something: `outcome` is an index into the possible outcomes."""

    kind: str  # "pair" (two outcomes), "pair-or-tie" (three), "choice" (K)
    scores: tuple
    outcome: int


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


def read_answer(entry, indifference):
    """The entry's Answer, or None if it tells nothing."""
    shown, scores = entry["shown"], tuple(map(tuple, entry["scores"]))
    assert len(set(shown)) == len(shown) == len(scores) >= 2
    offered = entry.get("offered")
    tie_on_offer = (
        len(shown) == 2
        and indifference > 0
        and (offered is None or "tie" in offered or "neither" in offered)
    )
    if "chose" in entry:
        outcome = shown.index(entry["chose"])
        kind = "choice" if len(shown) > 2 else "pair-or-tie" if tie_on_offer else "pair"
        return Answer(kind, scores, outcome)
    verdict = entry["verdict"]
    assert verdict in ("tie", "neither", "skip")
    assert offered is None or verdict in offered
    if verdict in ("tie", "neither") and tie_on_offer:
        return Answer("pair-or-tie", scores, 2)
    return None


def read(deck, log):
    names = [dimension["id"] for dimension in deck["dimensions"]]
    assert log["deck"] == {"id": deck["id"], "version": deck["version"], "dimensions": names}
    if "prior" in deck:
        mean = EXACT.array(deck["prior"]["mean"])
        covariance = EXACT.array(deck["prior"]["covariance"])
        assert (covariance == covariance.T).all()
    else:
        mean, covariance = default_prior(deck)
    model = deck.get("answers", {})
    lapse = model.get("lapse", DEFAULT_LAPSE)
    indifference = model.get("indifference", DEFAULT_INDIFFERENCE)

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
            answers.append(read_answer(entry, indifference))
    answers = [a for a in answers if a is not None]
    return Problem(mean, covariance, lapse, indifference, tuple(answers), tuple(statements))


# ---------------------------------------------------------------------------------------
# The answer model.


def outcomes(ar, kind, u, delta):
    """For every possible outcome: log p without the lapse, and that logarithm's gradient
    and Hessian in u.  For two candidates u is the one difference u_1 - u_2."""
    if kind == "choice":
        total = ar.log_sum_exp(u)
        p = ar.array([ar.exp(v - total) for v in u])
        hessian = np.outer(p, p) - np.diag(p)
        unit = ar.array(np.eye(len(u)))
        return [(u[k] - total, unit[k] - p, hessian) for k in range(len(u))]
    t = u[0]
    log_s, s = ar.log_sigmoid, ar.sigmoid

    def one(log_p, slope, curvature):
        return log_p, ar.array([slope]), ar.array([[curvature]])

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
            phi = EXACT.array(a.scores)
            rows = phi - phi[a.outcome] if a.kind == "choice" else phi[:1] - phi[1:]
            self.answers.append((a.kind, ar.array(rows), a.outcome))

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
        for kind, rows, outcome in self.answers:
            possible = outcomes(ar, kind, rows.dot(w), self.delta)
            log_p, a, b = possible[outcome]
            log_total, r, rest = with_lapse(ar, log_p, self.lapse, len(possible))
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
        for kind, rows, _ in self.answers:
            possible = outcomes(ar, kind, rows.dot(w), self.delta)
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


def naive_probabilities(kind, phi, w, delta, lapse):
    """The formulas of the docstring, literally."""
    u = [row.dot(w) for row in phi]

    def s(t):
        return 1 / (1 + mpmath.exp(-t))

    if kind == "choice":
        p = [mpmath.exp(v) / sum(mpmath.exp(v) for v in u) for v in u]
    elif kind == "pair":
        p = [s(u[0] - u[1]), s(u[1] - u[0])]
    else:
        p = [s(u[0] - u[1] - delta), s(u[1] - u[0] - delta)]
        p.append(1 - p[0] - p[1])
    return [(1 - lapse) * v + lapse / len(p) for v in p]


def naive_objective(problem, w):
    """The objective from the docstring's formulas, with digits enough to bear them."""
    reach = max([abs(EXACT.array(a.scores).dot(w)).max() for a in problem.answers] + [0])
    with mp.workdps(2 * DIGITS + int(reach)):
        away = w - problem.mean
        f = away.dot(inverse(EXACT, problem.covariance).dot(away)) / 2
        for s in problem.statements:
            f += ((w[s.dimension] - s.weight) / mpmath.mpf(s.sd)) ** 2 / 2
        delta, lapse = mpmath.mpf(problem.indifference), mpmath.mpf(problem.lapse)
        for a in problem.answers:
            p = naive_probabilities(a.kind, EXACT.array(a.scores), w, delta, lapse)
            assert abs(sum(p) - 1) < mpmath.mpf(10) ** -DIGITS
            f -= mpmath.log(p[a.outcome])
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
    for kind, rows, _ in exact.answers:
        possible = outcomes(EXACT, kind, rows.dot(mode), exact.delta)
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
                 candidates=3, constant=(), person=None, ids=True, decimals=2):
        """`prior`: None or (mean, covariance) or a function of (rng, d) that gives them;
        `answers`: None or (lapse, indifference); `spread`: the scores' scale, a number or
        one for each dimension; `constant`: dimensions that never vary within a prompt;
        `decimals`: of the scores, before they are spread."""
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
        if answers is not None:
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
        self.lapse, self.indifference = problem.lapse, problem.indifference
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

    def ask(self, say=None, k=2, scores=None, offered=None, slip=None, shown=None):
        """One answer.  `say`: the index chosen, a verdict, or None to let the person
        answer by the model (or, with slip=False, always choose the best)."""
        number = len(self.log["answers"]) + 1
        scores = [self.scores() for _ in range(k)] if scores is None else scores
        shown = [f"q{number}/{'abcde'[i]}" for i in range(len(scores))] if shown is None else shown
        entry = {"shown": shown, "scores": [list(map(float, s)) for s in scores]}
        if offered is not None:
            entry["offered"] = offered
        if say is None:
            say = self.answer_of(entry, slip)
        entry |= {"verdict": say} if isinstance(say, str) else {"chose": shown[say]}
        return self.add(entry)

    def answer_of(self, entry, slip):
        if slip is False:
            return int(np.argmax(np.array(entry["scores"]) @ self.person))
        probe = read_answer({**entry, "chose": entry["shown"][0]}, self.indifference)
        rows = np.array(probe.scores)
        rows = rows if probe.kind == "choice" else rows[:1] - rows[1:]
        possible = outcomes(DOUBLE, probe.kind, rows @ self.person, self.indifference)
        p = [math.exp(with_lapse(DOUBLE, o[0], self.lapse, len(possible))[0]) for o in possible]
        drawn = int(self.rng.choice(len(p), p=np.array(p) / sum(p)))
        return "tie" if probe.kind == "pair-or-tie" and drawn == 2 else drawn

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

    return [b.case() for b in made]


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
        lines = {
            "name": plain(name),
            "deck": plain(deck),
            "log": plain(log),
            "mean": digits17(modes[0][1]),
            "covariance": digits17(covariance),
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
        print(f"{name:42} d={len(problem.mean):<3} informative: {len(problem.answers):3} "
              f"objective {float(modes[0][0]):.8g}  {time.monotonic() - began:.1f} s{note}",
              file=sys.stderr, flush=True)
        solved.append((name, deck, log, modes, covariance))
    if not wanted:
        write(solved)
    several = sum(len(s[3]) > 1 for s in solved)
    print(f"{len(solved)} cases, {several} with more than one mode", file=sys.stderr)


if __name__ == "__main__":
    main()
