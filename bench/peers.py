#!/usr/bin/env python3
"""The time of other ways to choose a question, in NumPy. Prints a JSON list of rows to standard output.

    python3 bench/peers.py

The methods are those of tests/reference/peers.py, which names their papers: the published rule (pref), mutual information
with the belief of APReL, and a Gaussian process on pairs as in BoTorch. A row has the median milliseconds of taking in an
answer (`update`) and of choosing among so many pairs (`choose`), after five answers, in eight dimensions.

Requirements: numpy, scipy.
"""

import importlib.util, json, pathlib, statistics, time
import numpy as np

SIZES = [1_000, 10_000, 100_000]
ANSWERS = 5
ROUNDS = 5

file = pathlib.Path(__file__).parent.parent / "tests" / "reference" / "peers.py"
spec = importlib.util.spec_from_file_location("peers", file)
peers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peers)


class Pairs:
    """A deck, as far as the methods need one: z = φ₁ − φ₂ of all pairs, (pairs, d)."""

    def __init__(self, random, pairs):
        self.differences = random.normal(size=(pairs, peers.D))

    default_variance = peers.World.default_variance


METHODS = {
    "pref": peers.Pref,
    "mutual information, belief of APReL": lambda pairs, random: peers.MutualInformation(pairs, random, False),
    "Gaussian process on pairs": peers.PairwiseGaussianProcess,
}


def milliseconds(act):
    """The median time of `act`, once it has run."""
    act()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def rows():
    for pairs in SIZES:
        for name, make in METHODS.items():
            random = np.random.default_rng(1)
            deck = Pairs(random, pairs)
            method = make(deck, random)
            method.left = np.arange(pairs)
            person = random.normal(size=peers.D) * peers.UTILITY_SD / np.sqrt(peers.D)
            for _ in range(ANSWERS):
                pair = method.ask()
                method.observe(pair, deck.differences[pair] @ person + random.logistic() > 0)
            yield {
                "name": name,
                "pairs": pairs,
                "update": milliseconds(method.update),
                "choose": milliseconds(method.ask),
            }


print(json.dumps(list(rows())))
