#!/usr/bin/env python3
"""Leaning beside other methods: the same people, the same noise, the same prompts. Writes docs/experiments/peers.csv.

    cargo build --release -p leaning-cli
    OMP_NUM_THREADS=1 python3 tests/reference/peers.py target/release/leaning --out docs/experiments/peers.csv

People and decks are drawn as by `leaning simulate`, d = 8. A deck has 300 prompts of two candidates with scores
N(0, I/2), so a pair's difference z is N(0, I). Weights are N(m, S): S has eigenvalues ∝ e^(−0.3 j) along random
directions, m = S^½ε/2, and both are scaled so that E[(λᵀz)²] = 4. There are ten people for each deck and population.
Person i prefers the first candidate in question t if λᵀz + noise_it > 0, with the same logistic noise for every method.
Regret is Σ (best − picked) / Σ (best − average) over 40 new prompts of 16 candidates. Asked pairs leave the pool.

Leaning runs through its command line: `ask`, the answer appended to the log, `infer`, and a pick by the mean. Everything
else is re-implemented here, small, from these papers:

- Mutual information: Bıyık, Palan, Landolfi, Losey, Sadigh 2019 (arXiv 1910.04365), with the belief of APReL (Bıyık,
  Talati, Sadigh 2022): 100 samples of one Metropolis chain, 200 steps of burn-in, every 20th step kept. As in APReL the
  weights have unit norm, a uniform prior and steps of .05, and the method is told the scale of the utility (2). "Given
  the prior" is an addition: weights are free, N(m, S) is their prior, and steps are half a prior standard deviation.
- Thompson, disagreement (Katz, Le Bihan, Kochenderfer 2019, arXiv 1907.05575): the same belief; two samples at random,
  or the two with the largest product of posterior densities plus .01 times their distance. APReL then plans the best
  trajectory for either. A pool of pairs has no planner: the pair on which the two decide differently, and the less
  decided of them most clearly, is asked.
- Gaussian process on pairs: Chu and Ghahramani 2005, as in BoTorch's PairwiseGP, with probit likelihood Φ(u/√2),
  Laplace approximation and the linear kernel; BALD by Houlsby, Huszár, Ghahramani, Lengyel 2011 (arXiv 1112.5745). With
  this kernel the process is Bayesian regression on the weights, and is computed as such. The kernel's variance is that
  of Leaning's default prior; BoTorch would fit it.
- Best arm, after UserAlign: Pădurean, Kamalaruban, Kotalwar, Gotovos, Singla 2025 (arXiv 2511.02966). Answers count as
  free of noise. Of 20,000 directions chosen at random, those that contradict the fewest answers are kept, at least 50;
  the pair that splits the kept ones most evenly is asked, and their mean picks. The paper's confidence set around a
  maximum likelihood estimate is replaced by this set. "Given the prior" is an addition: draws from N(m, S), weighted by
  the likelihood instead of kept or dropped.
- pref: Shenfeld, Faltings, Agrawal, Pacchiano 2025 (arXiv 2503.06358), as released: unregularised gradient steps from a
  random start, then the largest σ′(λᵀz)²·zᵀM⁻¹z, M = .001 I + Σ σ′(λᵀz_s) z_s z_sᵀ.

Times are medians over questions of updating and choosing, on the machine at hand. Leaning's is that of the whole process
`leaning ask`, which reads the deck and the log each time.

Requirements: numpy, scipy. The seed decides everything but the times.
"""

import argparse, csv, json, os, re, subprocess, tempfile, time
import numpy as np
from scipy.special import expit, log_ndtr, ndtr, xlogy

D = 8
PAIRS = 300
FRESH_PROMPTS, FRESH_CANDIDATES = 40, 16
PEOPLE_PER_WORLD = 10
UTILITY_SD = 2.0
AFTER = [0, 5, 10, 20]
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(20)
NODE_WEIGHTS = NODE_WEIGHTS / NODE_WEIGHTS.sum()


class World:
    """A deck, a population N(mean, covariance), and new prompts. Scores are (prompts, candidates, d)."""

    def __init__(self, random):
        directions, _ = np.linalg.qr(random.normal(size=(D, D)))
        eigenvalues = np.exp(-0.3 * np.arange(D))
        mean = directions @ (0.5 * np.sqrt(eigenvalues) * random.normal(size=D))
        covariance = (directions * eigenvalues) @ directions.T
        scale = UTILITY_SD / np.sqrt(np.trace(covariance) + mean @ mean)
        self.mean, self.covariance = scale * mean, scale**2 * covariance
        self.scores = random.normal(size=(PAIRS, 2, D)) * np.sqrt(0.5)
        self.differences = self.scores[:, 0] - self.scores[:, 1]
        self.fresh = random.normal(size=(FRESH_PROMPTS, FRESH_CANDIDATES, D)) * np.sqrt(0.5)

    def default_variance(self):
        """The variance of every weight in the prior of a deck without one."""
        return UTILITY_SD**2 / (D * np.mean(self.differences**2))

    def regret(self, person, weights):
        rewards = self.fresh @ person
        picked = np.argmax(self.fresh @ weights, axis=1)
        best = rewards.max(axis=1)
        return np.sum(best - rewards[np.arange(len(rewards)), picked]) / np.sum(best - rewards.mean(axis=1))


def entropy(p):
    return -(xlogy(p, p) + xlogy(1 - p, 1 - p))


class Method:
    """A way to ask and to pick. `left` are the pairs not yet asked; `signed` the differences, chosen minus other."""

    def __init__(self, world, random):
        self.world, self.random = world, random
        self.left = np.arange(PAIRS)
        self.signed = np.empty((0, D))

    def ask(self):
        """Chooses the pair with the largest score."""
        return self.left[np.argmax(self.score(self.world.differences[self.left]))]

    def observe(self, pair, first_preferred):
        z = self.world.differences[pair]
        self.left = self.left[self.left != pair]
        self.signed = np.vstack([self.signed, z if first_preferred else -z])
        self.update()


class Sampled(Method):
    """A belief of 100 weights from a Metropolis chain: of unit norm, or with a Gaussian prior."""

    SAMPLES, BURN_IN, THIN = 100, 200, 20

    def __init__(self, world, random, given_prior):
        super().__init__(world, random)
        self.given_prior = given_prior
        normal = random.normal(size=(self.SAMPLES, D))
        if given_prior:
            self.factor = np.linalg.cholesky(world.covariance)
            self.precision = np.linalg.inv(world.covariance)
            self.samples = world.mean + normal @ self.factor.T
            self.scale = 1.0
        else:
            self.samples = normal / np.linalg.norm(normal, axis=1, keepdims=True)
            self.scale = UTILITY_SD
        self.densities = np.array([self.log_density(sample) for sample in self.samples])

    def log_density(self, weights):
        density = -np.logaddexp(0, -self.scale * (self.signed @ weights)).sum()
        if self.given_prior:
            off = weights - self.world.mean
            density -= 0.5 * off @ self.precision @ off
        return density

    def update(self):
        steps = self.BURN_IN + self.THIN * self.SAMPLES
        moves = self.random.normal(size=(steps, D))
        moves = 0.5 * moves @ self.factor.T if self.given_prior else 0.05 * moves
        bars = np.log(self.random.random(steps))
        now = self.weights()
        density = self.log_density(now)
        chain, densities = np.empty((steps, D)), np.empty(steps)
        for step in range(steps):
            chain[step], densities[step] = now, density
            proposal = now + moves[step]
            if not self.given_prior:
                proposal /= np.sqrt(proposal @ proposal)
            proposed = self.log_density(proposal)
            if bars[step] < proposed - density:
                now, density = proposal, proposed
        self.samples, self.densities = chain[self.BURN_IN :: self.THIN], densities[self.BURN_IN :: self.THIN]

    def weights(self):
        if len(self.signed) == 0 and self.given_prior:
            return self.world.mean
        mean = self.samples.mean(axis=0)
        return mean if self.given_prior else mean / np.linalg.norm(mean)


class MutualInformation(Sampled):
    def score(self, differences):
        p = expit(self.scale * self.samples @ differences.T)
        return entropy(p.mean(axis=0)) - entropy(p).mean(axis=0)


class Thompson(Sampled):
    def two(self):
        return self.samples[self.random.choice(self.SAMPLES, 2, replace=False)]

    def score(self, differences):
        one, other = self.two() @ differences.T
        return np.maximum(np.minimum(one, -other), np.minimum(-one, other))


class Disagreement(Thompson):
    def two(self):
        distances = np.linalg.norm(self.samples[:, None] - self.samples, axis=2)
        value = np.exp(self.densities[:, None] + self.densities) + 0.01 * distances
        return self.samples[list(np.unravel_index(np.argmax(value), value.shape))]


class PairwiseGaussianProcess(Method):
    """Laplace approximation N(mode, covariance) of the weights, P(first) = Φ(λᵀz/√2), prior N(0, variance·I)."""

    def __init__(self, world, random):
        super().__init__(world, random)
        self.precision = 1 / world.default_variance()
        self.mode = np.zeros(D)
        self.covariance = np.eye(D) / self.precision

    def objective(self, weights):
        return 0.5 * self.precision * weights @ weights - log_ndtr(self.signed @ weights / np.sqrt(2)).sum()

    def update(self):
        mode = self.mode
        for _ in range(50):
            t = self.signed @ mode / np.sqrt(2)
            ratio = np.exp(-0.5 * t**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(t))
            gradient = self.precision * mode - self.signed.T @ ratio / np.sqrt(2)
            hessian = self.precision * np.eye(D) + (self.signed.T * (ratio * (ratio + t) / 2)) @ self.signed
            self.covariance = np.linalg.inv(hessian)
            step, before = self.covariance @ gradient, self.objective(mode)
            if gradient @ step < 1e-12:
                break
            # A full step may overshoot: only a lower objective counts.
            while self.objective(mode - step) > before:
                step /= 2
            mode = mode - step
        self.mode = mode

    def score(self, differences):
        mean = differences @ self.mode
        variance = np.einsum("pj,jk,pk->p", differences, self.covariance, differences)
        given = ndtr((mean[:, None] + np.sqrt(variance)[:, None] * NODES) / np.sqrt(2))
        return entropy(ndtr(mean / np.sqrt(2 + variance))) - entropy(given) @ NODE_WEIGHTS

    def weights(self):
        return self.mode


class BestArm(Method):
    """Directions that contradict few answers, and the pair that splits them most evenly."""

    SIZE, LEAST = 20_000, 50

    def __init__(self, world, random):
        super().__init__(world, random)
        normal = random.normal(size=(self.SIZE, D))
        self.directions = normal / np.linalg.norm(normal, axis=1, keepdims=True)
        self.contradictions = np.zeros(self.SIZE, int)
        self.kept = self.directions

    def update(self):
        self.contradictions += self.directions @ self.signed[-1] < 0
        most = np.sort(self.contradictions)[self.LEAST - 1]
        self.kept = self.directions[self.contradictions <= most]

    def score(self, differences):
        return -np.abs((self.kept @ differences.T > 0).mean(axis=0) - 0.5)

    def weights(self):
        return self.kept.mean(axis=0)


class WeightedBestArm(Method):
    """The same with draws from the prior, weighted by the likelihood of the answers."""

    SIZE = 20_000

    def __init__(self, world, random):
        super().__init__(world, random)
        self.draws = world.mean + random.normal(size=(self.SIZE, D)) @ np.linalg.cholesky(world.covariance).T
        self.log_likelihood = np.zeros(self.SIZE)
        self.shares = np.full(self.SIZE, 1 / self.SIZE)

    def update(self):
        self.log_likelihood -= np.logaddexp(0, -self.draws @ self.signed[-1])
        shares = np.exp(self.log_likelihood - self.log_likelihood.max())
        self.shares = shares / shares.sum()

    def score(self, differences):
        return -np.abs(self.shares @ (self.draws @ differences.T > 0) - 0.5)

    def weights(self):
        return self.shares @ self.draws


class Pref(Method):
    def __init__(self, world, random):
        super().__init__(world, random)
        self.fitted = random.normal(size=D)

    def update(self):
        weights = self.random.normal(size=D)
        for _ in range(5000):
            weights += 0.01 * self.signed.T @ expit(-self.signed @ weights) / len(self.signed)
        self.fitted = weights

    def score(self, differences):
        if len(self.signed) == 0:
            return self.random.random(len(differences))
        slopes = expit(self.signed @ self.fitted) * expit(-self.signed @ self.fitted)
        information = 0.001 * np.eye(D) + (self.signed.T * slopes) @ self.signed
        u = differences @ self.fitted
        spread = np.einsum("pj,jp->p", differences, np.linalg.solve(information, differences.T))
        return (expit(u) * expit(-u)) ** 2 * spread

    def weights(self):
        return self.fitted


class Leaning:
    """Leaning through its command line."""

    def __init__(self, world, random, given_prior, strategy, command, folder):
        self.world, self.command, self.strategy = world, command, strategy
        self.seed = str(random.integers(2**31))
        self.deck_file, self.log_file = f"{folder}/deck.json", f"{folder}/answers.json"
        prompts = [
            {"id": f"p{p}", "candidates": [{"id": f"c{c}", "scores": list(scores[c])} for c in (0, 1)]}
            for p, scores in enumerate(world.scores)
        ]
        deck = {
            "format": "leaning-deck/1",
            "id": "peers",
            "version": "1",
            "dimensions": [{"id": f"d{j}"} for j in range(D)],
            "answers": {"lapse": 0, "indifference": 0},
            "prompts": prompts,
        }
        if given_prior:
            deck["prior"] = {"mean": world.mean.tolist(), "covariance": world.covariance.tolist()}
        self.log = {"format": "leaning-answers/1", "deck": {"id": "peers", "version": "1"}, "answers": []}
        self.log["deck"]["dimensions"] = [dimension["id"] for dimension in deck["dimensions"]]
        with open(self.deck_file, "w") as file:
            json.dump(deck, file)
        self.write_log()

    def write_log(self):
        with open(self.log_file, "w") as file:
            json.dump(self.log, file)

    def run(self, name, *options):
        command = [self.command, name, "--deck", self.deck_file, "--answers", self.log_file, *options]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)

    def ask(self):
        options = ["--strategy", self.strategy, "--seed", self.seed, "--questions", "1000", "--alternatives", "0"]
        self.shown = self.run("ask", *options)["shown"]
        return int(self.shown[0].split("/")[0][1:])

    def observe(self, pair, first_preferred):
        scores = [self.world.scores[pair, int(name[-1])].tolist() for name in self.shown]
        chose = f"p{pair}/c{0 if first_preferred else 1}"
        self.log["answers"].append({"shown": self.shown, "scores": scores, "chose": chose})
        self.write_log()

    def weights(self):
        return np.array(self.run("infer")["mean"])


WITH, WITHOUT = "Leaning, given the prior", "Leaning, no prior"
GIVEN, NOT_GIVEN = {"given_prior": True}, {"given_prior": False}
# Each method with its options, and the one of ours that was told as much.
METHODS = [
    (WITH, None, Leaning, {"strategy": "information-gain", **GIVEN}),
    ("Leaning, random questions, given the prior", WITH, Leaning, {"strategy": "random", **GIVEN}),
    ("mutual information, given the prior", WITH, MutualInformation, GIVEN),
    ("Thompson, given the prior", WITH, Thompson, GIVEN),
    ("best arm, given the prior", WITH, WeightedBestArm, {}),
    (WITHOUT, None, Leaning, {"strategy": "information-gain", **NOT_GIVEN}),
    ("linear Gaussian process, BALD", WITHOUT, PairwiseGaussianProcess, {}),
    ("mutual information, told the scale", WITHOUT, MutualInformation, NOT_GIVEN),
    ("Thompson, told the scale", WITHOUT, Thompson, NOT_GIVEN),
    ("disagreement, told the scale", WITHOUT, Disagreement, NOT_GIVEN),
    ("best arm, answers without noise", WITHOUT, BestArm, {}),
    ("pref", WITHOUT, Pref, {}),
]


def interview(method, world, person, noise, after):
    """Regrets at the given numbers of answers, and the seconds of each question."""
    regrets, seconds = [], []
    for count in range(after[-1] + 1):
        if count in after:
            regrets.append(world.regret(person, method.weights()))
        if count < after[-1]:
            start = time.perf_counter()
            pair = method.ask()
            asked = time.perf_counter()
            method.observe(pair, world.differences[pair] @ person + noise[count] > 0)
            # Leaning's `ask` infers first; the others do it when they observe.
            seconds.append((asked if isinstance(method, Leaning) else time.perf_counter()) - start)
    return regrets, seconds


def estimate(values):
    return np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))


def cell(mean, error):
    text = f"{abs(mean):.3f} ± {error:.3f}"
    sign = "−" if mean < 0 else ""
    return sign + re.sub(r"\b0\.", ".", text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("leaning", help="the command, as built with --release")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--answers", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="the CSV file to write")
    arguments = parser.parse_args()
    after = [count for count in AFTER if count < arguments.answers] + [arguments.answers]
    regrets = {name: [] for name, *_ in METHODS}
    seconds = {name: [] for name, *_ in METHODS}
    command = os.path.abspath(arguments.leaning)
    for index in range(arguments.people):
        number, place = divmod(index, PEOPLE_PER_WORLD)
        world = World(np.random.default_rng([arguments.seed, 0, number]))
        random = np.random.default_rng([arguments.seed, 1, number, place])
        person = random.multivariate_normal(world.mean, world.covariance)
        noise = random.logistic(size=arguments.answers)
        for at, (name, _, kind, options) in enumerate(METHODS):
            own = np.random.default_rng([arguments.seed, 2, number, place, at])
            with tempfile.TemporaryDirectory() as folder:
                place_of_ours = {"command": command, "folder": folder} if kind is Leaning else {}
                method = kind(world, own, **options, **place_of_ours)
                curve, times = interview(method, world, person, noise, after)
            regrets[name].append(curve)
            seconds[name].extend(times)

    asked = after[1:] if after[0] == 0 else after
    columns = ["method", "beside", "people"]
    of = [f"regret_{count}" for count in after] + [f"beside_{count}" for count in asked]
    columns += [name for column in of for name in (column, f"{column}_se")]
    rows = []
    print("| | " + " | ".join([*map(str, after), *(f"beside Leaning, {count}" for count in asked), "ms"]) + " |")
    print("|---" + "|--:" * (len(after) + len(asked) + 1) + "|")
    for name, ours, *_ in METHODS:
        curve = np.array(regrets[name])
        figures = [estimate(column) for column in curve.T]
        paired = [estimate(column) for column in (curve - regrets[ours]).T[-len(asked) :]] if ours else []
        median = 1000 * np.median(seconds[name])
        cells = [cell(*figure) for figure in figures] + ([cell(*figure) for figure in paired] or [""] * len(asked))
        print(f"| {name} | " + " | ".join([*cells, f"{median:.1f}"]) + " |")
        numbers = [f"{number:.6f}" for figure in [*figures, *paired] for number in figure]
        numbers += [""] * (0 if paired else 2 * len(asked))
        rows.append([name, ours or "", arguments.people, *numbers, f"{median:.3f}"])
    if arguments.out:
        with open(arguments.out, "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([[*columns, "milliseconds"], *rows])


if __name__ == "__main__":
    main()
