#!/usr/bin/env python3
"""Reference values for the posterior: writes `posterior.json` next to this file.

Sixty decks, and for each the log of one person after 3, 5, 10 and 20 entries (answers, a
few of them statements; each log begins with the shorter one).  Then six decks, each with a
log of every kind of answer, after 8, 15 and 25 entries.  For each of these 258 logs
a long Markov chain run summarizes the exact posterior; `tests/mcmc.rs` compares the
library's intervals and probabilities with it.  It shares nothing with the library: plain
formulas, and Hamiltonian Monte Carlo where the library uses slice sampling.

    python3 tests/golden/make_posterior.py            write posterior.json (some minutes)
    python3 tests/golden/make_posterior.py NAME...    try these decks only, write nothing

All random numbers come from `SEED`: the same machine writes the same file.  Another
processor may round an exponential differently; then everything but the inputs changes within its
standard error.

The model
---------
w has the prior N(mu, Sigma); without one in the deck mu = 0 and w_j has the variance
4 / (d v_j), v_j the mean squared score difference over the deck's pairs
within prompts.  With lapse eps, band delta, s(t) = 1 / (1 + exp(-t)), u_k = w'phi_k:

    chose k of K                P = (1 - eps) exp(u_k) / sum_j exp(u_j) + eps / K
    two candidates and a tie    first   (1 - eps) s( u - delta) + eps / 3,  u = u_1 - u_2
                                second  (1 - eps) s(-u - delta) + eps / 3
                                tie     (1 - eps) (exp(2 delta) - 1) s(u - delta) s(-u - delta)
                                        + eps / 3
    level l of L                (1 - eps) (s(t - c_l) - s(t - c_(l+1))) + eps / L, the outermost
                                cuts being -inf and inf
      a graded pair             t = u, cuts -gamma, -delta, delta, gamma with a tie, else
                                -gamma, 0, gamma; level 0 is "second, much"
      a rating r of n           t = b + w'(phi - phibar), L = n, l = r - 1, cuts
                                spread log(l / (n - l)); b ~ N(0, tau^2) is the person's
                                leniency, one more unknown, and 0 where tau = 0
      a rejected candidate      the same with one cut at 0; l = 0
    best b and worst w of K     (1 - eps) exp(u_b - u_w) / sum over i != j of exp(u_i - u_j)
                                + eps / (K (K - 1))
    an order of K, in groups    (1 - eps) sum over the permutations that agree of
                                prod_i exp(u_i) / (sum of exp(u) over i and all after it)
                                + eps / (K! / prod of the groups' sizes!)
    a statement about w_j       w_j was observed as `weight`, with Gaussian error `sd`

How the posterior is sampled
----------------------------
In coordinates eta in which the prior is N(0, I), w = mu + L eta.  `CHAINS` chains start
at draws of the prior, far wider than the posterior.  An iteration is

* a Hamiltonian trajectory of random length, in coordinates whitened by the covariance of
  all chains at the end of the first part of the warm-up;
* a Metropolis step that leaves the prior invariant, eta' = sqrt(1 - b^2) eta + b N(0, I)
  with b uniform in (0, 1) for each chain: small steps and leaps, which mix well where a
  lapse leaves a plateau or a second mode.

With that many independent chains a standard error needs no autocorrelations: it is that
of the mean of the chains' means.  A run is lengthened until split R-hat of every weight
and of every new pair's reward difference is at most 1.01 and every reported mean,
quantile and probability is worth 20,000 independent draws, so that no probability has a
standard error above 0.004.  (Probabilities within 0.001 of 0 or 1 are held to that
standard error only.)

Before anything is written, gradients are compared with finite differences, and in one and
two dimensions everything is compared with integration over a grid.  The likelihood of a log
with every kind of answer is compared with the formulas above, taken literally.

The contents of the file
------------------------
`levels`, and per deck: `prior` (`mean` and `covariance`, or `rmsDifferences` for a deck
without one), `lapse`, `indifference`, `entries`, `pairs` (8 reward differences z),
`candidates` (scores of the 16 of a new prompt), and `after`: for each number of entries
`mean`, `sd` and `positive` = P(w_j > 0) of each weight, `quantiles` at `levels` of each
weight, `beats` = P(w'z > 0) of each pair, `best` = each candidate's probability of being best.
Inputs have at most 6 decimals and are exactly what was used; the rest has 5 digits.

The last decks also have `much` (gamma), `spread` and `leniency` (tau).  An entry is one of

    {difference, tie, outcome}           a pair: first, second, tie
    {scores, chose}                      a choice among the candidates with these scores
    {dimension, weight, sd}              a statement
    {difference, tie, level}             a graded pair
    {scores: [phi], reference, rating, of}
    {scores, best, worst}                places among the candidates
    {scores, ranks}                      an order: the rank of each, 0 the best; equal ranks are
                                         one group
    {rejected: scores, reference}        "neither": each of these candidates is rejected
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import json
import math
import sys
import time
from dataclasses import dataclass
from itertools import permutations
from multiprocessing import Pool
from pathlib import Path

import numpy as np

OUTPUT = Path(__file__).resolve().with_name("posterior.json")
SEED = 20261123
PROCESSES = 2

LENGTHS = (3, 5, 10, 20)
DIMENSIONS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16)
DEFAULT = (0.02, 0.5)
MODELS = (DEFAULT, (0.0, 0.0), DEFAULT, (0.1, 0.0), DEFAULT, (0.1, 0.5))
PLAIN_DECKS = 6 * len(DIMENSIONS)

# Logs of every kind of answer: d, whether a prior is given, lapse, indifference, much, spread,
# leniency.
MIXED = (
    (4, False, 0.02, 0.5, 2.0, 1.4, 1.0),
    (5, True, 0.0, 0.5, 1.2, 1.4, 0.5),
    (6, True, 0.1, 0.0, 2.0, 0.8, 2.0),
    (7, False, 0.02, 1.5, 3.0, 1.4, 1.0),
    (8, True, 0.02, 0.5, 6.0, 2.5, 0.0),
    (10, False, 0.05, 0.5, 2.0, 1.4, 1.0),
)
MIXED_LENGTHS = (8, 15, 25)
KINDS = ("pair", "choice", "grades", "grades", "rating", "rating", "best-worst", "order",
         "partial order", "rejected", "statement")
# Dense where a 90% interval may end.
LEVELS = (0.002, 0.01, 0.02, 0.035, 0.05, 0.065, 0.08, 0.1, 0.15, 0.3)
LEVELS += tuple(round(1 - level, 3) for level in reversed(LEVELS))

CHAINS = 512
WARM_UP = (100, 60, 20)  # to find the covariance, to find the step size, to forget both
BLOCK = 1024
MOST_BLOCKS = 8
ACCEPT = 0.85
TRAJECTORY = (0.8, 2.2)
R_HAT = 1.01
WORTH = 20_000
STANDARD_ERROR = 0.004


# ---------------------------------------------------------------------------------------
# Decks, and people's answers.


@dataclass
class Deck:
    name: str
    mean: np.ndarray
    covariance: np.ndarray
    rms_differences: np.ndarray | None
    lapse: float
    indifference: float
    entries: list
    pairs: np.ndarray
    candidates: np.ndarray
    much: float = 0.0
    spread: float = 0.0
    leniency: float = 0.0
    lengths: tuple = LENGTHS


def softmax(u):
    p = np.exp(u - u.max())
    return p / p.sum()


def probabilities(deck, rows, tie, w):
    """The probability of each outcome of a question, with the lapse."""
    u = rows @ w
    if tie:
        first, second = (1 / (1 + math.exp(deck.indifference - s * (u[0] - u[1]))) for s in (1, -1))
        p = np.array([first, second, math.expm1(2 * deck.indifference) * first * second])
    else:
        p = softmax(u)
    assert abs(p.sum() - 1) < 1e-9
    return (1 - deck.lapse) * p + deck.lapse / len(p)


def correlated(rng, deviations):
    d = len(deviations)
    root = np.eye(d) + rng.standard_normal((d, d)) * rng.uniform(0.2, 0.8)
    covariance = root @ root.T
    scale = np.asarray(deviations) / np.sqrt(np.diag(covariance))
    return covariance * np.outer(scale, scale)


def rms_differences_of(prompts):
    """Root of the mean squared score difference over pairs within prompts."""
    squares = [(a - b) ** 2 for scores in prompts for i, a in enumerate(scores) for b in scores[:i]]
    return np.sqrt(np.mean(squares, axis=0))


class Crude:
    """A Gaussian updated by one answer after another, good enough to find useful pairs."""

    def __init__(self, deck):
        self.mean, self.covariance = deck.mean.copy(), deck.covariance.copy()

    def use(self, z):
        p = 1 / (1 + np.exp(-z @ self.mean))
        return p * (1 - p) * np.einsum("ij,jk,ik->i", z, self.covariance, z)

    def learn(self, z, share):
        """`share`: 1 if the first was preferred, 0 for the second, 1/2 for a tie."""
        p = 1 / (1 + math.exp(-z @ self.mean))
        along = self.covariance @ z
        scale = 1 + p * (1 - p) * (z @ along)
        self.mean += along * (share - p) / scale
        self.covariance -= np.outer(along, along) * p * (1 - p) / scale


def make_deck(index):
    rng = np.random.default_rng([SEED, index])
    d = DIMENSIONS[index % len(DIMENSIONS)]
    turn = index // len(DIMENSIONS)
    lapse, indifference = MODELS[(index + turn) % len(MODELS)]
    given = (index // 2 + turn) % 2 == 0
    with_choices, with_statements = index % 3 == 2, index % 7 == 5
    kind = {4: "far", 9: "fickle"}.get((index + 3 * turn) % 10, "typical")

    units = np.exp(rng.normal(0, 0.4, d))

    def candidates(count):
        return np.round(rng.standard_normal((count, d)) * units, 3)

    prompts = [candidates(5) for _ in range(12)]
    rms_differences = np.round(rms_differences_of(prompts), 6)
    if given:
        deviations = (1.5, 2.5, 4.0)[(index // 4) % 3] / (math.sqrt(d) * rms_differences)
        mean = np.round(0.7 * deviations * rng.standard_normal(d), 6)
        covariance = np.round(correlated(rng, deviations), 6)
    else:
        mean, covariance = np.zeros(d), np.diag(4 / (d * rms_differences**2))
    factor = np.linalg.cholesky(covariance)

    parts = [f"{index:02}", f"d{d}", "given" if given else "default", f"{lapse:g}", f"{indifference:g}", kind]
    parts += ["choices"] * with_choices + ["statements"] * with_statements
    new_pairs = np.round(candidates(8) - candidates(8), 3)
    deck = Deck("-".join(parts), mean, covariance, None if given else rms_differences, lapse, indifference, [], new_pairs,
                candidates(16))

    direction = rng.standard_normal(d)
    if kind == "far":
        direction *= 1 + 3 / np.linalg.norm(direction)
    person = mean + factor @ direction
    crude = Crude(deck)
    while len(deck.entries) < max(LENGTHS):
        if with_statements and len(deck.entries) in (1, 8):
            j = int(rng.integers(d))
            sd = round(0.5 * math.sqrt(covariance[j, j]), 3)
            deck.entries.append({"dimension": j, "weight": round(person[j] + sd * rng.standard_normal(), 3), "sd": sd})
            continue
        k = int(rng.integers(3, 5)) if with_choices and rng.random() < 0.4 else 2
        count = 60 if k == 2 and rng.random() < 0.5 else 1
        offers = [prompts[rng.integers(len(prompts))][rng.permutation(5)[:k]] for _ in range(count)]
        rows = offers[int(np.argmax(crude.use(np.array([rows[0] - rows[1] for rows in offers]))))]
        tie = k == 2 and indifference > 0 and rng.random() < 0.9
        p = probabilities(deck, rows, tie, person)
        if kind == "fickle":
            p = np.ones(len(p))
        outcome = int(rng.choice(len(p), p=p / p.sum()))
        if k == 2:
            z = np.round(rows[0] - rows[1], 3)
            crude.learn(z, (1.0, 0.0, 0.5)[outcome])
            deck.entries.append({"difference": z.tolist(), "tie": bool(tie), "outcome": outcome})
        else:
            crude.learn(rows[outcome] - np.delete(rows, outcome, axis=0).mean(axis=0), 1.0)
            deck.entries.append({"scores": rows.tolist(), "chose": outcome})
    return deck


# ---------------------------------------------------------------------------------------
# Answers of every kind.


def cuts_of(deck, entry):
    """Between the levels of a graded pair, a rating or a rejection."""
    if "rejected" in entry:
        return [0.0]
    if "rating" in entry:
        return [deck.spread * math.log(level / (entry["of"] - level)) for level in range(1, entry["of"])]
    return [-deck.much, *((-deck.indifference, deck.indifference) if entry["tie"] else (0.0,)), deck.much]


def ordered_pairs(count):
    return list(permutations(range(count), 2))


def arrangements(ranks):
    """Every outcome of an order with groups of these sizes."""
    return sorted(set(permutations(ranks)))


def alternatives(deck, entry, w, own):
    """Every answer to an entry's question, as an entry, and its probability; `own` is the person's
    leniency."""
    if "outcome" in entry:
        z = np.array([entry["difference"], np.zeros(len(w))])
        p = probabilities(deck, z, entry["tie"], w)
        return [{**entry, "outcome": k} for k in range(len(p))], p
    if "level" in entry or "rating" in entry:
        name, first = ("level", 0) if "level" in entry else ("rating", 1)
        z = entry["difference"] if "level" in entry else np.array(entry["scores"][0]) - entry["reference"]
        t = np.dot(z, w) + (own if name == "rating" else 0.0)
        above = np.array([1.0] + [1 / (1 + math.exp(cut - t)) for cut in cuts_of(deck, entry)] + [0.0])
        p, values = above[:-1] - above[1:], [{name: first + level} for level in range(len(above) - 1)]
    else:
        u = np.array(entry["scores"]) @ w
        if "chose" in entry:
            p, values = softmax(u), [{"chose": k} for k in range(len(u))]
        elif "best" in entry:
            pairs = ordered_pairs(len(u))
            p = softmax(np.array([u[i] - u[j] for i, j in pairs]))
            values = [{"best": i, "worst": j} for i, j in pairs]
        else:
            values = [{"ranks": list(ranks)} for ranks in arrangements(entry["ranks"])]
            p = np.zeros(len(values))
            for order in permutations(range(len(u))):
                one = math.prod(softmax(u[list(order[i:])])[0] for i in range(len(u)))
                agrees = [[v["ranks"][k] for k in order] == sorted(v["ranks"]) for v in values]
                p += one * np.array(agrees)
    assert abs(p.sum() - 1) < 1e-9
    return [entry | value for value in values], (1 - deck.lapse) * p + deck.lapse / len(p)


def plain_log_likelihood(deck, entries, w, own):
    total = 0.0
    for entry in entries:
        if "sd" in entry:
            total -= 0.5 * ((w[entry["dimension"]] - entry["weight"]) / entry["sd"]) ** 2
        elif "rejected" in entry:
            for scores in entry["rejected"]:
                t = own + (np.array(scores) - entry["reference"]) @ w
                total += math.log((1 - deck.lapse) / (1 + math.exp(t)) + deck.lapse / 2)
        else:
            entries_of, p = alternatives(deck, entry, w, own)
            total += math.log(p[entries_of.index(entry)])
    return total


def make_mixed_deck(index):
    rng = np.random.default_rng([SEED, index])
    d, given, lapse, indifference, much, spread, leniency = MIXED[index - PLAIN_DECKS]
    units = np.exp(rng.normal(0, 0.4, d))

    def candidates(count):
        return np.round(rng.standard_normal((count, d)) * units, 3)

    prompts = [candidates(5) for _ in range(12)]
    rms_differences = np.round(rms_differences_of(prompts), 6)
    if given:
        deviations = 2.5 / (math.sqrt(d) * rms_differences)
        mean = np.round(0.7 * deviations * rng.standard_normal(d), 6)
        covariance = np.round(correlated(rng, deviations), 6)
    else:
        mean, covariance = np.zeros(d), np.diag(4 / (d * rms_differences**2))
    name = f"{index:02}-d{d}-{'given' if given else 'default'}-{lapse:g}-{indifference:g}-every-kind"
    deck = Deck(name, mean, covariance, None if given else rms_differences, lapse, indifference, [],
                np.round(candidates(8) - candidates(8), 3), candidates(16), much, spread, leniency,
                MIXED_LENGTHS)
    person = mean + np.linalg.cholesky(covariance) @ rng.standard_normal(d)
    own = leniency * rng.standard_normal()

    kinds = []
    while len(kinds) < max(MIXED_LENGTHS):
        kinds += rng.permutation(KINDS).tolist()
    for kind in kinds[: max(MIXED_LENGTHS)]:
        prompt = prompts[rng.integers(len(prompts))][rng.permutation(5)]
        reference = np.round(prompt.mean(axis=0), 3).tolist()
        k = int(rng.integers(3, 5))
        pair = {"difference": np.round(prompt[0] - prompt[1], 3).tolist(),
                "tie": bool(indifference > 0 and rng.random() < 0.8)}
        if kind == "statement":
            j = int(rng.integers(d))
            sd = round(0.5 * math.sqrt(covariance[j, j]), 3)
            deck.entries.append({"dimension": j, "weight": round(person[j] + sd * rng.standard_normal(), 3), "sd": sd})
            continue
        if kind == "rejected":
            # The two that the person likes least.
            worst = prompt[np.argsort(prompt @ person)[:2]]
            deck.entries.append({"rejected": worst.tolist(), "reference": reference})
            continue
        if kind == "rating":
            of = int(rng.choice((2, 5, 7, 11)))
            question = {"scores": prompt[:1].tolist(), "reference": reference, "rating": 1, "of": of}
        elif kind == "partial order":
            ranks = ((0, 1, 1), (0, 0, 1), (0, 1, 1, 1), (0, 0, 1, 1), (0, 1, 1, 2), (0, 0, 0, 1))[rng.integers(6)]
            question = {"scores": prompt[: len(ranks)].tolist(), "ranks": list(ranks)}
        else:
            question = {
                "pair": pair | {"outcome": 0},
                "grades": pair | {"level": 0},
                "choice": {"scores": prompt[:k].tolist(), "chose": 0},
                "best-worst": {"scores": prompt[:k].tolist(), "best": 0, "worst": 1},
                "order": {"scores": prompt[:k].tolist(), "ranks": list(range(k))},
            }[kind]
        entries, p = alternatives(deck, question, person, own)
        deck.entries.append(entries[int(rng.choice(len(p), p=p / p.sum()))])
    return deck


# ---------------------------------------------------------------------------------------
# The posterior.


class Target:
    """log P(entries | eta) for many eta at once, and its gradient."""

    def __init__(self, deck, entries):
        self.mean, self.factor = deck.mean, np.linalg.cholesky(deck.covariance)
        self.dimensions = len(deck.mean)
        levels = [level for e in entries for level in self.levels_of(deck, e)]
        if deck.leniency > 0 and any(own for _, own, *_ in levels):
            self.mean = np.append(self.mean, 0.0)
            self.factor = np.pad(self.factor, (0, 1))
            self.factor[-1, -1] = deck.leniency
        self.lapse, self.band = deck.lapse, deck.indifference
        # A second candidate's win is the win of the first with the sides exchanged.
        won = [e for e in entries if e.get("outcome", 2) < 2]
        ties = [e for e in entries if e.get("outcome") == 2]
        self.won = self.linear([np.array(e["difference"]) * (1, -1)[e["outcome"]] for e in won])
        self.bands = np.array([self.band if e["tie"] else 0.0 for e in won])
        self.slips = np.array([self.lapse / (3 if e["tie"] else 2) for e in won])
        self.ties = self.linear([e["difference"] for e in ties])
        self.choices = []
        for e in (e for e in entries if "chose" in e):
            chosen = np.array(e["scores"][e["chose"]])
            rest = [np.array(s) - chosen for k, s in enumerate(e["scores"]) if k != e["chose"]]
            self.choices.append((self.linear(rest), self.lapse / len(e["scores"])))
        for e in (e for e in entries if "best" in e):
            # A choice among the differences of all ordered pairs.
            phi, pairs = np.array(e["scores"]), ordered_pairs(len(e["scores"]))
            chosen = phi[e["best"]] - phi[e["worst"]]
            rest = [phi[i] - phi[j] - chosen for i, j in pairs if (i, j) != (e["best"], e["worst"])]
            self.choices.append((self.linear(rest), self.lapse / len(pairs)))
        self.levels = self.linear([z for z, *_ in levels], [own for _, own, *_ in levels])
        self.low, self.high = (np.array([level[at] for level in levels]) for at in (2, 3))
        self.widths = -np.expm1(self.low - self.high)
        self.level_slips = np.array([self.lapse / level[4] for level in levels])
        self.orders = []
        for e in (e for e in entries if "ranks" in e):
            ranks, k = e["ranks"], len(e["ranks"])
            agree = [p for p in permutations(range(k)) if [ranks[i] for i in p] == sorted(ranks)]
            self.orders.append((self.linear(e["scores"]), agree, self.lapse / len(arrangements(ranks))))
        self.statements = [(self.factor[e["dimension"]], deck.mean[e["dimension"]] - e["weight"], e["sd"])
                           for e in entries if "sd" in e]

    @staticmethod
    def levels_of(deck, entry):
        """(z, whether leniency counts, cut below, cut above, number of levels) of a graded pair, a
        rating, or each candidate rejected."""
        if "level" in entry:
            places = [(np.array(entry["difference"]), False, entry["level"])]
        elif "rating" in entry:
            places = [(np.array(entry["scores"][0]) - entry["reference"], True, entry["rating"] - 1)]
        else:
            places = [(np.array(s) - entry["reference"], True, 0) for s in entry.get("rejected", ())]
        if not places:
            return []
        cuts = [-math.inf, *cuts_of(deck, entry), math.inf]
        return [(z, own, cuts[level], cuts[level + 1], len(cuts) - 1) for z, own, level in places]

    def linear(self, rows, own=0.0):
        """w'z (plus `own` times the leniency) as a linear function of eta, one column for each z."""
        rows = np.array(rows, dtype=float).reshape(-1, self.dimensions)
        if len(self.mean) > self.dimensions:
            rows = np.column_stack([rows, np.broadcast_to(np.asarray(own, dtype=float), len(rows))])
        return (rows @ self.factor).T, rows @ self.mean

    def weights(self, eta):
        return (self.mean + eta @ self.factor.T)[:, : self.dimensions]

    def leniency(self, eta):
        own = self.mean + eta @ self.factor.T
        return own[:, -1] if len(self.mean) > self.dimensions else np.zeros(len(eta))

    def likelihood(self, eta):
        """log P(entries | eta) and its gradient; `eta` has one row for each point."""
        keep = 1 - self.lapse
        value, gradient = np.zeros(len(eta)), np.zeros_like(eta)
        if len(self.bands):
            rows, origin = self.won
            s = 1 / (1 + np.exp(np.minimum(self.bands - eta @ rows - origin, 700)))
            p = keep * s + self.slips
            value += np.log(p).sum(axis=1)
            gradient += (keep * s * (1 - s) / p) @ rows.T
        if self.ties[0].shape[1]:
            rows, origin = self.ties
            u = eta @ rows + origin
            first = 1 / (1 + np.exp(np.minimum(self.band - u, 700)))
            second = 1 / (1 + np.exp(np.minimum(self.band + u, 700)))
            tie = math.expm1(2 * self.band) * first * second
            p = keep * tie + self.lapse / 3
            value += np.log(p).sum(axis=1)
            gradient += (keep * tie * (second - first) / p) @ rows.T
        for (rows, origin), slip in self.choices:
            odds = np.exp(np.minimum(eta @ rows + origin, 300))
            s = 1 / (1 + odds.sum(axis=1))
            p = keep * s + slip
            value += np.log(p)
            gradient -= ((keep * s * s / p)[:, None] * odds) @ rows.T
        if len(self.widths):
            rows, origin = self.levels
            t = eta @ rows + origin
            # s(t - low) and s(high - t).
            above = 1 / (1 + np.exp(np.minimum(self.low - t, 700)))
            below = 1 / (1 + np.exp(np.minimum(t - self.high, 700)))
            meant = keep * self.widths * above * below
            p = meant + self.level_slips
            value += np.log(p).sum(axis=1)
            gradient += (meant / p * (below - above)) @ rows.T
        for (rows, origin), agree, slip in self.orders:
            u = eta @ rows + origin
            odds = np.exp(np.maximum(u - u.max(axis=1, keepdims=True), -170))
            first_of, p, slope = {}, 0.0, 0.0
            for order in agree:
                one, by_u = 1.0, np.zeros_like(u)
                for place, k in enumerate(order[:-1]):
                    left = tuple(sorted(order[place:]))
                    if left not in first_of:
                        share = np.zeros_like(u)
                        share[:, left] = odds[:, left] / odds[:, left].sum(axis=1, keepdims=True)
                        first_of[left] = share
                    one = one * first_of[left][:, k]
                    by_u[:, k] += 1
                    by_u -= first_of[left]
                p = p + one
                slope = slope + one[:, None] * by_u
            value += np.log(keep * p + slip)
            gradient += (keep * slope / (keep * p + slip)[:, None]) @ rows.T
        for row, origin, sd in self.statements:
            away = (eta @ row + origin) / sd
            value -= 0.5 * away**2
            gradient -= np.outer(away / sd, row)
        return value, gradient

    def posterior(self, eta):
        value, gradient = self.likelihood(eta)
        return value - 0.5 * (eta**2).sum(axis=1), gradient - eta

    def check_likelihood(self, deck, entries, rng):
        eta = rng.standard_normal((20, len(self.mean)))
        found, weights, own = self.likelihood(eta)[0], self.weights(eta), self.leniency(eta)
        expected = [plain_log_likelihood(deck, entries, w, b) for w, b in zip(weights, own)]
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-9), (deck.name, found, expected)

    def check_gradient(self, rng):
        eta = rng.standard_normal((20, len(self.mean)))
        gradient = self.likelihood(eta)[1]
        for j in range(eta.shape[1]):
            step = np.zeros_like(eta)
            step[:, j] = 1e-5
            found = (self.likelihood(eta + step)[0] - self.likelihood(eta - step)[0]) / 2e-5
            assert np.allclose(found, gradient[:, j], rtol=1e-5, atol=1e-5), (found, gradient[:, j])


class Chains:
    """Many chains side by side, one in each row of `eta`."""

    def __init__(self, target, rng):
        self.target, self.rng = target, rng
        self.eta = rng.standard_normal((CHAINS, len(target.mean)))
        self.value, self.gradient = target.posterior(self.eta)
        self.root = np.eye(len(target.mean))
        self.step = 0.3
        self.warm_up()

    def warm_up(self):
        explore, tune, forget = WARM_UP
        for _ in range(explore):
            self.adapt()
        d = len(self.target.mean)
        self.root = np.linalg.cholesky(np.cov(self.eta.T).reshape(d, d))
        for _ in range(tune):
            self.adapt()
        for _ in range(forget):
            self.iterate()

    def adapt(self):
        self.step = min(1.2, self.step * math.exp(0.3 * (self.iterate() - ACCEPT)))

    def iterate(self):
        accepted = self.hamiltonian()
        self.leap()
        return accepted

    def hamiltonian(self):
        step = self.step * self.rng.uniform(0.8, 1.2)
        steps = max(1, round(self.rng.uniform(*TRAJECTORY) / step))
        momentum = self.rng.standard_normal(self.eta.shape)
        energy = self.value - 0.5 * (momentum**2).sum(axis=1)
        eta, gradient = self.eta, self.gradient
        for _ in range(steps):
            momentum = momentum + 0.5 * step * gradient @ self.root
            eta = eta + step * momentum @ self.root.T
            value, gradient = self.target.posterior(eta)
            momentum = momentum + 0.5 * step * gradient @ self.root
        return self.move(value - 0.5 * (momentum**2).sum(axis=1) - energy, eta, value, gradient)

    def leap(self):
        b = self.rng.uniform(size=(CHAINS, 1))
        eta = np.sqrt(1 - b**2) * self.eta + b * self.rng.standard_normal(self.eta.shape)
        value, gradient = self.target.posterior(eta)
        prior = 0.5 * ((eta**2).sum(axis=1) - (self.eta**2).sum(axis=1))
        self.move(value - self.value + prior, eta, value, gradient)

    def move(self, log_ratio, eta, value, gradient):
        accept = np.log(self.rng.uniform(size=CHAINS)) < log_ratio
        self.eta = np.where(accept[:, None], eta, self.eta)
        self.value = np.where(accept, value, self.value)
        self.gradient = np.where(accept[:, None], gradient, self.gradient)
        return np.exp(np.minimum(log_ratio, 0)).mean()

    def run(self, iterations):
        draws = np.empty((iterations, *self.eta.shape))
        for i in range(iterations):
            self.iterate()
            draws[i] = self.eta
        return draws


def split_r_hat(values):
    """Split R-hat of values with a row for each iteration and a column for each chain."""
    half = len(values) // 2
    halves = np.concatenate([values[:half], values[half : 2 * half]], axis=1)
    within = halves.var(axis=0, ddof=1).mean()
    between = halves.mean(axis=0).var(ddof=1)
    return math.sqrt((half - 1) / half + between / within)


class Summary:
    """Summaries of draws (iterations x chains x d), with standard errors."""

    def __init__(self, deck, target, draws):
        iterations, chains, unknowns = draws.shape
        w = target.weights(draws.reshape(-1, unknowns))
        d = w.shape[1]
        u = w @ deck.pairs.T
        best = (w @ deck.candidates.T).argmax(axis=1)
        self.standard_errors, self.worths = [0.0], [math.inf]

        def expect(values, is_probability):
            values = values.reshape(iterations, chains)
            mean, variance = values.mean(), values.var()
            of_mean = values.mean(axis=0).var(ddof=1) / chains
            if is_probability:
                self.standard_errors.append(math.sqrt(of_mean))
            if not is_probability or 0.001 <= mean <= 0.999:
                self.worths.append(variance / of_mean)
            return mean

        self.mean = np.array([expect(w[:, j], False) for j in range(d)])
        self.sd = np.sqrt([expect((w[:, j] - self.mean[j]) ** 2, False) for j in range(d)])
        self.positive = np.array([expect(w[:, j] > 0, True) for j in range(d)])
        self.quantiles = np.quantile(w, LEVELS, axis=0).T
        for j in range(d):
            for level in (0.05, 0.95):
                expect(w[:, j] <= self.quantiles[j][LEVELS.index(level)], True)
        self.beats = np.array([expect(u[:, i] > 0, True) for i in range(len(deck.pairs))])
        self.best = np.array([expect(best == i, True) for i in range(len(deck.candidates))])
        columns = np.concatenate([w, u], axis=1).reshape(iterations, chains, -1)
        self.r_hat = max(split_r_hat(columns[:, :, i]) for i in range(columns.shape[2]))
        self.worth, self.standard_error = min(self.worths), max(self.standard_errors)

    def suffices(self):
        return self.r_hat <= R_HAT and self.worth >= WORTH and self.standard_error <= STANDARD_ERROR


def check_by_integration(deck, target, found):
    """Compares with sums over a grid; for one and two dimensions."""
    d = len(deck.mean)
    line = np.linspace(-9, 9, {1: 20001, 2: 601}[d])
    eta = np.stack(np.meshgrid(*[line] * d, indexing="ij"), axis=-1).reshape(-1, d)
    if d == 2:
        # No row of the grid may lie along a boundary.
        eta = eta @ np.array([[math.cos(1), -math.sin(1)], [math.sin(1), math.cos(1)]])
    value = target.posterior(eta)[0]
    mass = np.exp(value - value.max())
    mass /= mass.sum()
    w = target.weights(eta)
    mean = mass @ w
    sd = np.sqrt(mass @ (w - mean) ** 2)
    positive = mass @ (w > 0)
    beats = mass @ (w @ deck.pairs.T > 0)
    best = np.bincount((w @ deck.candidates.T).argmax(axis=1), mass, len(deck.candidates))
    close = 5 * found.standard_error + 0.002
    assert np.all(np.abs(found.mean - mean) < 5 * sd / math.sqrt(found.worth)), (deck.name, found.mean, mean)
    assert np.all(np.abs(found.sd / sd - 1) < 5 / math.sqrt(found.worth)), (deck.name, found.sd, sd)
    for probability, expected in ((found.positive, positive), (found.beats, beats), (found.best, best)):
        assert np.all(np.abs(probability - expected) < close), (deck.name, probability, expected)
    for j in range(d):
        below = np.array([mass @ (w[:, j] <= quantile) for quantile in found.quantiles[j]])
        assert np.all(np.abs(below - LEVELS) < close), (deck.name, below)


def make(index):
    return make_deck(index) if index < PLAIN_DECKS else make_mixed_deck(index)


def solve(index):
    deck = make(index)
    after = []
    for length in deck.lengths:
        began = time.monotonic()
        rng = np.random.default_rng([SEED, index, length])
        target = Target(deck, deck.entries[:length])
        target.check_gradient(rng)
        if index >= PLAIN_DECKS:
            target.check_likelihood(deck, deck.entries[:length], rng)
        chains = Chains(target, rng)
        draws = chains.run(BLOCK)
        summary = Summary(deck, target, draws)
        while not summary.suffices():
            assert len(draws) < MOST_BLOCKS * BLOCK, f"{deck.name}, {length} entries: the chains do not mix"
            draws = np.concatenate([draws, chains.run(len(draws))])
            summary = Summary(deck, target, draws)
        if len(deck.mean) <= 2:
            check_by_integration(deck, target, summary)
        after.append((length, summary, len(draws), chains.step, time.monotonic() - began))
    return deck, after


# ---------------------------------------------------------------------------------------
# Writing.


def shortest(value):
    """JSON; 5 significant digits for what was computed (arrays), inputs (lists) as they are."""
    if isinstance(value, np.ndarray):
        return "[" + ",".join(map(shortest, value)) + "]"
    if isinstance(value, np.floating):
        return repr(float(f"{value:.5g}"))
    return json.dumps(value, separators=(",", ":"))


def block(fields):
    return "{" + ",\n".join(f'"{key}":{text}' for key, text in fields.items()) + "}"


def deck_block(deck, after):
    if deck.rms_differences is None:
        prior = {"mean": deck.mean.tolist(), "covariance": deck.covariance.tolist()}
    else:
        prior = {"rmsDifferences": deck.rms_differences.tolist()}
    results = []
    for length, summary, *_ in after:
        names = ("mean", "sd", "positive", "quantiles", "beats", "best")
        fields = {name: shortest(getattr(summary, name)) for name in names}
        results.append(block({"entries": shortest(length), **fields}))
    return block({
        "name": shortest(deck.name),
        "prior": shortest(prior),
        "lapse": shortest(deck.lapse),
        "indifference": shortest(deck.indifference),
        **({name: shortest(getattr(deck, name)) for name in ("much", "spread", "leniency")} if deck.much else {}),
        "entries": shortest(deck.entries),
        "pairs": shortest(deck.pairs.tolist()),
        "candidates": shortest(deck.candidates.tolist()),
        "after": "[" + ",\n".join(results) + "]",
    })


def main():
    wanted = sys.argv[1:]
    indices = [i for i in range(PLAIN_DECKS + len(MIXED)) if not wanted or make(i).name in wanted]
    began, blocks, summaries = time.monotonic(), [], []
    with Pool(PROCESSES) as pool:
        for deck, after in pool.imap(solve, indices):
            for length, summary, iterations, step, seconds in after:
                print(f"{deck.name:48} {length:2}  {CHAINS} x {iterations:4}  R-hat {summary.r_hat:.4f}  "
                      f"worth {summary.worth:7.0f}  error {summary.standard_error:.4f}  step {step:.2f}  {seconds:.1f} s",
                      file=sys.stderr, flush=True)
                summaries.append(summary)
            blocks.append(deck_block(deck, after))
    text = f'{{"levels":{shortest(list(LEVELS))},\n"decks":[\n' + ",\n".join(blocks) + "\n]}\n"
    json.loads(text)
    if not wanted:
        OUTPUT.write_text(text)
    print(f"{len(blocks)} decks, {len(summaries)} logs, {len(text) / 1e3:.0f} kB, "
          f"{(time.monotonic() - began) / 60:.1f} min; worst R-hat {max(s.r_hat for s in summaries):.4f}, fewest "
          f"effective draws {min(s.worth for s in summaries):.0f}, largest standard error of a probability "
          f"{max(s.standard_error for s in summaries):.4f}", file=sys.stderr)


if __name__ == "__main__":
    main()
