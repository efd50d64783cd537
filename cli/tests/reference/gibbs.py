#!/usr/bin/env python3
"""Predictions of hierarchical Bayes after 0, 3, 5 and 8 of a person's answers: a reference to compare with.

    OMP_NUM_THREADS=1 LEANING_DATA=data python3 cli/tests/reference/gibbs.py
    OMP_NUM_THREADS=1 python3 cli/tests/reference/gibbs.py data --iterations 6000 --seed 1 --sets bank,electricity

A logit whose weights differ by person, λ ~ N(m, V), m ~ N(0, 100 I), V ~ inverse Wishart(d + 3, (d + 3) I), sampled by
random-walk Metropolis within Gibbs (Rossi, Allenby & McCulloch 2005, Bayesian Statistics and Marketing, chapter 5).
People are split into three parts. Four answers of each person in the tested part are held out. The sampler sees the
first k of their other answers, and all answers of the other two parts. Prints a Markdown table; acceptance rates and
the agreement of the two halves of the kept draws go to standard error. Needs numpy. Its figures are in
docs/real-data.md.
"""

import argparse, csv, gzip, os, sys, time
import numpy as np

GIVEN, HELD_OUT, FOLDS = [0, 3, 5, 8], 4, 3


def read(folder):
    """For each person an array (answers, others, d): features of the responses not chosen minus those of the chosen one."""
    with gzip.open(f"{folder}/responses.csv.gz", "rt") as file:
        rows = csv.reader(file)
        next(rows)
        features = {row[0]: np.array(row[2:], float) for row in rows}
    people, squares, pairs = {}, 0.0, 0
    with gzip.open(f"{folder}/comparisons.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            shown = row["shown"].split("|")
            shown.remove(row["chose"])
            people.setdefault(row["user"], []).append([features[other] - features[row["chose"]] for other in shown])
            all_shown = np.array([features[row["chose"]]] + [features[other] for other in shown])
            i, j = np.triu_indices(len(all_shown), 1)
            squares, pairs = squares + ((all_shown[i] - all_shown[j]) ** 2).sum(0), pairs + len(i)
    scale = np.sqrt(squares / pairs)
    return [np.array(answers) / np.where(scale > 0, scale, 1) for answers in people.values()]


def pad(answers):
    """The answers padded to (people, answers, others, d), and a mask of those that exist."""
    longest = max(map(len, answers))
    out, there = np.zeros((len(answers), longest) + answers[0].shape[1:]), np.zeros((len(answers), longest))
    for place, own in enumerate(answers):
        out[place, : len(own)], there[place, : len(own)] = own, 1
    return out, there


def log_probabilities(differences, weights):
    """log P(chosen) of each answer, (people, answers)."""
    people, answers, others, d = differences.shape
    rewards = np.matmul(differences.reshape(people, -1, d), weights[:, :, None]).reshape(people, answers, others)
    top = np.maximum(rewards.max(2), 0)
    return -top - np.log(np.exp(-top) + np.exp(rewards - top[:, :, None]).sum(2))


def sample(seen, tested, held, iterations, random):
    """Runs the sampler on `seen` (a list by person). `tested` are the places of the people whose `held` answers count."""
    d, warm_up = held.shape[-1], iterations // 2
    # People without answers are not in the chain: the posterior of their λ is N(m, V) itself.
    used = [place for place, own in enumerate(seen) if len(own)]
    chain_place = {place: row for row, place in enumerate(used)}
    unseen = tested[0] not in chain_place
    rows = None if unseen else np.array([chain_place[place] for place in tested])
    differences, there = pad([seen[place] for place in used])
    n = len(used)
    weights, m, V = np.zeros((n, d)), np.zeros(d), np.eye(d)
    likelihood = (log_probabilities(differences, weights) * there).sum(1)
    log_scale, accepted = np.full(n, np.log(2.4 / np.sqrt(d))), np.zeros(n)
    halves = [{"count": 0, "weights": 0.0, "probability": 0.0, "log": 0.0, "m": 0.0} for _ in range(2)]
    draws = []
    for step in range(iterations):
        root, inverse = np.linalg.cholesky(V), np.linalg.inv(V)
        proposal = weights + np.exp(log_scale)[:, None] * (random.standard_normal((n, d)) @ root.T)
        proposed = (log_probabilities(differences, proposal) * there).sum(1)
        old, new = weights - m, proposal - m
        ratio = proposed - likelihood + 0.5 * (((old @ inverse) * old).sum(1) - ((new @ inverse) * new).sum(1))
        taken = np.log(random.random(n)) < ratio
        weights[taken], likelihood[taken] = proposal[taken], proposed[taken]
        if step < warm_up:
            log_scale += (np.exp(np.minimum(ratio, 0)) - 0.3) * (step + 1) ** -0.5
        else:
            accepted += taken

        covariance = np.linalg.inv(n * inverse + np.eye(d) / 100)
        m = covariance @ inverse @ weights.sum(0) + np.linalg.cholesky(covariance) @ random.standard_normal(d)
        off = weights - m
        # Bartlett's decomposition of the Wishart draw whose inverse is V.
        lower = np.tril(random.standard_normal((d, d)), -1)
        lower[np.diag_indices(d)] = np.sqrt(random.chisquare(d + 3 + n - np.arange(d)))
        factor = np.linalg.cholesky(np.linalg.inv((d + 3) * np.eye(d) + off.T @ off)) @ lower
        V = np.linalg.inv(factor @ factor.T)
        V = (V + V.T) / 2

        if step >= warm_up:
            half = halves[(step - warm_up) * 2 // (iterations - warm_up)]
            if unseen:
                own = m + random.standard_normal((len(tested), d)) @ np.linalg.cholesky(V).T
                mean = np.broadcast_to(m, own.shape)
            else:
                own = mean = weights[rows]
            log = log_probabilities(held, own)
            half["count"] += 1
            half["weights"] = half["weights"] + mean
            half["probability"] = half["probability"] + np.exp(log)
            half["log"] = half["log"] + log
            half["m"] = half["m"] + m
            draws.append(m)

    def score(parts):
        count = sum(part["count"] for part in parts)
        mean = sum(part["weights"] for part in parts) / count
        rewards = np.einsum("pcod,pd->pco", held, mean).max(2)
        # The log of the averaged probability is the predictive one; the averaged log is reported as well.
        return (np.where(rewards < 0, 1.0, 0.0).mean(1), np.log(sum(part["probability"] for part in parts) / count).mean(1),
                (sum(part["log"] for part in parts) / count).mean(1))

    first, second = (part["m"] / part["count"] for part in halves)
    apart = np.abs(first - second) / np.std(draws, axis=0)
    rate = accepted / (iterations - warm_up)
    by_half = [score([part]) for part in halves]
    print(f"  acceptance {rate.mean():.3f} (5% to 95% of people: {np.quantile(rate, .05):.2f} to {np.quantile(rate, .95):.2f});"
          f" halves: accuracy {by_half[0][0].mean():.4f} {by_half[1][0].mean():.4f}, log-likelihood"
          f" {by_half[0][1].mean():.4f} {by_half[1][1].mean():.4f}, m apart by {apart.max():.2f} sd at most", file=sys.stderr, flush=True)
    return score(halves)


def figure(values):
    sign = "−" if values.mean() < 0 else ""
    short = lambda number: f"{abs(number):.3f}".removeprefix("0")
    return f"{sign}{short(values.mean())} ± {short(values.std(ddof=1) / np.sqrt(len(values)))}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", default=os.environ.get("LEANING_DATA"), help="folder that holds the sets")
    parser.add_argument("--iterations", type=int, default=6000, help="half of them warm-up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", default="bank,electricity")
    options = parser.parse_args()
    if not options.data:
        parser.error("name the data folder, or set LEANING_DATA")
    print("| set | measure | " + " | ".join(f"after {k}" for k in GIVEN) + " |\n|---|---|" + "---:|" * len(GIVEN), flush=True)
    for name in options.sets.split(","):
        start, people = time.monotonic(), read(f"{options.data}/{name}")
        random = np.random.default_rng(options.seed)
        folds = np.array_split(random.permutation(len(people)), FOLDS)
        # One order per person, so that every k is tested on the same answers and sees more of the same.
        orders = [random.permutation(len(own)) for own in people]
        cells = []
        for k in GIVEN:
            scores = []
            for number, tested in enumerate(folds):
                seen = list(people)
                for place in tested:
                    seen[place] = people[place][orders[place][HELD_OUT : HELD_OUT + k]]
                held = np.array([people[place][orders[place][:HELD_OUT]] for place in tested])
                print(f"{name}, after {k}, third {number + 1}:", file=sys.stderr)
                scores.append(sample(seen, tested, held, options.iterations, random))
            cells.append([np.concatenate(part) for part in zip(*scores)])
        for place, measure in enumerate(["accuracy", "log-likelihood", "log-likelihood, mean over draws"]):
            print(f"| {name} | {measure} | " + " | ".join(figure(cell[place]) for cell in cells) + " |", flush=True)
        print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
