"""The benchmark: what is held out, and that known answers come out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leaning
from leaning import benchmark
from leaning.benchmark.method import measure

PEOPLE, ANSWERS, RESPONSES = 48, 18, 60
MEAN = np.array([1.0, 0.0, -0.5])


class World:
    """People whose weights for three features are N(MEAN, 2.25), and pairs of 60 responses."""

    def __init__(self, seed: int = 5, people: int = PEOPLE, width: int = 2) -> None:
        random = np.random.default_rng(seed)
        self.features = random.normal(size=(RESPONSES, 3))
        self.weights = MEAN + 1.5 * random.normal(size=(people, 3))
        self.responses: dict[str, Any] = {
            "id": [f"r{row}" for row in range(RESPONSES)],
            "prompt": ["p"] * RESPONSES,
            "features": self.features,
        }
        self.comparisons: dict[str, Any] = {"user": [], "shown": [], "chose": []}
        for person in range(people):
            for _ in range(ANSWERS):
                shown = random.choice(RESPONSES, size=width, replace=False)
                noise = random.gumbel(size=width)
                best = np.argmax(self.features[shown] @ self.weights[person] + noise)
                self.comparisons["user"].append(f"u{person}")
                self.comparisons["shown"].append([f"r{row}" for row in shown])
                self.comparisons["chose"].append(f"r{shown[best]}")

    def run(self, *methods: benchmark.Method, **options: Any) -> benchmark.Results:
        options = {"after": (0, 3, 8), "progress": False, **options}
        return benchmark.run(self.responses, self.comparisons, methods, **options)


class Told:
    """Predicts everybody with the same weights, which it is told."""

    def __init__(self, name: str, weights: Any) -> None:
        self.name = name
        self.weights = weights

    def fit(self, training: benchmark.Training) -> Told:
        self.rewards = training.responses.features @ self.weights
        return self

    def predict(self, given: benchmark.Answers, shown: Any) -> Any:
        odds = np.exp(np.where(shown >= 0, self.rewards[shown], -np.inf))
        return odds / odds.sum(axis=1, keepdims=True)


class Recorder:
    """Another method; keeps what it is handed, and what it says, for each part of the people."""

    def __init__(self, method: benchmark.Method | None = None) -> None:
        self.method = Told("mean", MEAN) if method is None else method
        self.name = self.method.name
        self.parts: list[tuple[benchmark.Training, list[tuple[benchmark.Answers, Any, Any]]]] = []

    def fit(self, training: benchmark.Training) -> Recorder:
        self.predictor = self.method.fit(training)
        self.parts.append((training, []))
        return self

    def predict(self, given: benchmark.Answers, shown: Any) -> Any:
        said = self.predictor.predict(given, shown)
        self.parts[-1][1].append((given, shown, said))
        return said


class Oracle(Told):
    """Knows which person gave the answers that are given, and that one's weights."""

    def __init__(self, world: World) -> None:
        super().__init__("truth", MEAN)
        self.world = world

    def predict(self, given: benchmark.Answers, shown: Any) -> Any:
        # A few questions are enough to tell who was asked them.
        table, chosen = self.world.comparisons, {}
        for user, ids in zip(table["user"], table["shown"], strict=True):
            chosen.setdefault(frozenset(int(id[1:]) for id in ids), set()).add(int(user[1:]))
        candidates = [chosen[frozenset(row.tolist())] for row in shown]
        (person,) = set.intersection(*candidates)
        self.rewards = self.world.features @ self.world.weights[person]
        return super().predict(given, shown)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def results(world: World) -> benchmark.Results:
    return world.run(
        benchmark.OneForAll(),
        benchmark.Leaning([{"as_is": True}]),
        benchmark.Pref(3),
        benchmark.MixedLogit(600),
        Oracle(world),
        folds=2,
    )


def test_whoever_knows_the_truth_beats_all_methods(results: benchmark.Results) -> None:
    for method in results.methods[:-1]:
        for count in (0, 3, 8):
            better = results.difference("log_likelihood", "truth", count, to=method)
            assert better.low > 0.0


def test_one_for_all_is_flat_and_the_first_row(results: benchmark.Results) -> None:
    flat = results.accuracy[0]
    assert (flat == flat[:1]).all()
    assert results.difference("accuracy", "one for all", 8) == benchmark.Interval(0.0, 0.0, 0.0)


def test_people_s_answers_help_methods_that_learn_from_them(results: benchmark.Results) -> None:
    for method in ("leaning", "pref", "mixed logit"):
        before, after = (results.interval("log_likelihood", method, of) for of in (0, 8))
        assert after.mean > before.mean + 0.05
    for method in ("leaning", "mixed logit"):
        assert results.difference("log_likelihood", method, 8).low > 0.0
    # Without a prior nothing is known before the first answer.
    assert results.log_likelihood[2, 0] == pytest.approx(-np.log(2.0))
    assert results.interval("accuracy", "pref", 0).mean == 0.5


def test_a_sampler_and_its_approximation_agree(results: benchmark.Results) -> None:
    apart = results.difference("log_likelihood", "leaning", 8, to="mixed logit")
    assert abs(apart.mean) < 0.02


def test_the_gaussian_process_learns_from_answers(world: World) -> None:
    process = benchmark.GaussianProcess(120)
    found = world.run(benchmark.OneForAll(), process, people=24, folds=2, after=(0, 8))
    assert found.interval("log_likelihood", process.name, 8).mean > (
        found.interval("log_likelihood", process.name, 0).mean + 0.03
    )


def rows_of(*answers: Any) -> set[int]:
    """All rows that are shown."""
    return {row for shown in answers for row in shown.ravel().tolist() if row >= 0}


def test_nobody_is_fitted_to_and_tested(world: World) -> None:
    recorder = Recorder()
    found = world.run(recorder, folds=3)
    assert len(found.people) + found.left_out == PEOPLE
    assert len(recorder.parts) == 3
    for training, asked in recorder.parts:
        assert len(training.everybody) == 32
        assert len(training.validation) == 8
        # Each person is asked the same questions each time, and told more of the same answers.
        for place in range(0, len(asked), 3):
            none, three, eight = asked[place : place + 3]
            assert (len(none[0]), len(three[0]), len(eight[0])) == (0, 3, 8)
            assert (eight[0].shown[:3] == three[0].shown).all()
            assert (none[1] == eight[1]).all() and (three[1] == eight[1]).all()
            assert not np.isin(eight[1], eight[0].shown).any()


def test_held_out_answers_change_no_prediction(world: World) -> None:
    """Turning them round changes what is measured, and nothing that is said."""
    options: dict[str, Any] = {"folds": 2, "after": (0, 3)}
    recorder = Recorder()
    world.run(recorder, **options)
    training, asked = recorder.parts[0]
    pairs = {
        name: {frozenset(row.tolist()) for shown in found for row in shown}
        for name, found in (
            ("held out", [shown for _, shown, _ in asked]),
            ("known", [of.shown for of in training.everybody] + [of.shown for of, _, _ in asked]),
        )
    }
    turned = World()
    chose = turned.comparisons["chose"]
    for place, shown in enumerate(turned.comparisons["shown"]):
        if frozenset(int(id[1:]) for id in shown) in pairs["held out"] - pairs["known"]:
            chose[place] = shown[1 - shown.index(chose[place])]
    assert (
        sum(one != other for one, other in zip(chose, world.comparisons["chose"], strict=True)) > 50
    )
    for method in (benchmark.OneForAll(), benchmark.Pref(2), benchmark.MixedLogit(60)):
        before, after = Recorder(method), Recorder(method)
        measured = [of.run(to, **options) for of, to in ((world, before), (turned, after))]
        assert (measured[0].log_likelihood != measured[1].log_likelihood).any()
        # People of the other part are predicted by what these have said.
        for one, other in zip(before.parts[0][1], after.parts[0][1], strict=True):
            np.testing.assert_array_equal(one[2], other[2])


def test_unseen_responses_are_in_no_answer_that_is_learned_from(world: World) -> None:
    recorder = Recorder()
    found = world.run(recorder, unseen=True, after=(0, 3), test=1)
    assert found.unseen and len(found.people) > 10
    for training, asked in recorder.parts:
        seen = rows_of(*(of.shown for of in training.everybody))
        assert asked
        for given, shown, _ in asked:
            assert not rows_of(shown) & (seen | rows_of(given.shown))


def test_rows_with_equal_features_are_one_response() -> None:
    """Each response has a second row here, and each question an option that is in all of them."""
    world = World(width=3)
    twins = [f"t{row}" for row in range(RESPONSES)]
    world.responses = {
        "id": [*world.responses["id"], *twins, "none"],
        "prompt": ["p"] * (2 * RESPONSES + 1),
        "features": np.concatenate([world.features, world.features, np.full((1, 3), 9.0)]),
    }
    for place, (first, second, _) in enumerate(world.comparisons["shown"]):
        ids = [first, second.replace("r", "t"), "none"]
        world.comparisons["shown"][place] = ids
        world.comparisons["chose"][place] = ids[place % 3]
    recorder = Recorder()
    found = world.run(recorder, unseen=True, after=(0, 3), test=1, folds=2)
    assert len(found.people) > 10

    def distinct(*answers: Any) -> set[int]:
        return {row % RESPONSES for row in rows_of(*answers) if row < 2 * RESPONSES}

    for training, asked in recorder.parts:
        seen = distinct(*(of.shown for of in training.everybody))
        for given, shown, _ in asked:
            assert not distinct(shown) & (seen | distinct(given.shown))
            assert 2 * RESPONSES in rows_of(shown)


def test_responses_that_are_never_compared_are_split_in_groups() -> None:
    """With two responses to a prompt, an answer about one of them is about both."""
    world = World()
    random = np.random.default_rng(3)
    for place in range(len(world.comparisons["user"])):
        row = 2 * random.integers(RESPONSES // 2)
        world.comparisons["shown"][place] = [f"r{row}", f"r{row + 1}"]
        world.comparisons["chose"][place] = f"r{row + random.integers(2)}"
    recorder = Recorder()
    world.run(recorder, unseen=True, after=(0, 3), test=1)
    # Two thirds of the answers are left to learn from; of single responses it would be 4 of 9.
    for training, _ in recorder.parts:
        left = sum(map(len, training.everybody)) / (32 * ANSWERS)
        assert left == pytest.approx(2.0 / 3.0, abs=0.05)


def test_the_same_seed_gives_the_same_results(world: World) -> None:
    methods = [
        benchmark.OneForAll(),
        benchmark.MixedLogit(60),
        benchmark.Leaning([{"as_is": True}]),
    ]
    first, again = (world.run(*methods, people=16, folds=2, after=(0, 2)) for _ in range(2))
    np.testing.assert_array_equal(first.log_likelihood, again.log_likelihood)
    assert first.markdown("accuracy") == again.markdown("accuracy")
    other = world.run(*methods, people=16, folds=2, after=(0, 2), seed=2)
    assert other.people != first.people


def test_intervals_hold_the_true_mean_in_most_repetitions() -> None:
    """A method that gives each answer its true probability has a known mean accuracy."""
    random = np.random.default_rng(11)
    truth, held = 0.7, 0
    for repetition in range(200):
        # A person's accuracy is a mean of ten answers whose probability differs by person.
        rates = random.beta(7.0, 3.0, size=80)
        hits = random.binomial(10, rates) / 10.0
        made = benchmark.Results(
            methods=("m",),
            after=np.array([0]),
            people=tuple(map(str, range(80))),
            tested=np.full(80, 10),
            accuracy=hits[None, None],
            log_likelihood=hits[None, None],
            left_out=0,
            dropped=0,
            unseen=False,
            seed=repetition,
        )
        interval = made.interval("accuracy", "m", 0)
        held += interval.low <= truth <= interval.high
    # Of 200 with 95%, the number is 190 ± 3; bootstrap intervals are slightly short.
    assert 180 <= held <= 199


def test_a_difference_is_paired_by_person() -> None:
    easy = np.linspace(0.0, 1.0, 50)
    made = benchmark.Results(
        methods=("one for all", "m"),
        after=np.array([0, 3]),
        people=tuple(map(str, range(50))),
        tested=np.full(50, 4),
        accuracy=np.stack([[easy, easy], [easy + 0.1, easy + 0.2]]),
        log_likelihood=np.zeros((2, 2, 50)),
        left_out=2,
        dropped=0,
        unseen=False,
        seed=1,
    )
    # People differ widely, the difference between methods does not.
    assert made.interval("accuracy", "m", 3).high - made.interval("accuracy", "m", 3).low > 0.1
    gain = made.difference("accuracy", "m", 3)
    assert (gain.low, gain.high) == pytest.approx((0.2, 0.2))
    assert str(made.difference("accuracy", "one for all", 0, to="m")) == "−.100 (−.100 to −.100)"
    table = made.markdown("accuracy").splitlines()
    assert table[0] == "| accuracy, after | 0 | 3 |"
    assert table[4].startswith("| m − one for all | .100 (")
    both = made.markdown("accuracy", to=["one for all", "m"]).splitlines()
    # The other way round would say the same.
    assert both == table
    assert "<table>" in made._repr_html_() and "2 people with too few" in made._repr_html_()
    with pytest.raises(KeyError):
        made.interval("accuracy", "m", 7)


def test_equally_probable_responses_count_by_their_share() -> None:
    held_out = benchmark.Answers(np.array([[0, 1, 2], [0, 1, -1]]), np.array([0, 1]))
    third = 1.0 / 3.0
    accuracy, likelihood = measure(
        "m", np.array([[third, third, third], [0.25, 0.75, 0.0]]), held_out
    )
    assert accuracy == pytest.approx((third + 1.0) / 2.0)
    assert likelihood == pytest.approx((np.log(third) + np.log(0.75)) / 2.0)
    with pytest.raises(ValueError, match="m: expected probabilities"):
        measure("m", np.array([[0.5, 0.5, 0.5], [0.5, 0.5, 0.0]]), held_out)


def test_ties_and_people_with_few_answers_are_counted(world: World) -> None:
    table = {name: [*column] for name, column in world.comparisons.items()}
    table["user"] += ["few", "few"]
    table["shown"] += ["r1|r2", "r3|r4"]
    table["chose"] += ["r2", None]
    found = benchmark.run(
        world.responses, table, [Told("mean", MEAN)], after=(0, 5), progress=False
    )
    assert found.dropped == 1
    assert len(found.people) + found.left_out == PEOPLE + 1
    assert "few" not in found.people


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"after": ()}, "after"),
        ({"after": (0, 40)}, "after"),
        ({"folds": 1}, "folds"),
        ({"test": 0}, "test"),
        ({"people": 2}, "people"),
        ({"scores": [], "unseen": True}, "unseen"),
    ],
)
def test_options_out_of_range_are_refused(world: World, options: Any, path: str) -> None:
    with pytest.raises(leaning.LeaningError) as caught:
        world.run(Told("mean", MEAN), **options)
    assert (caught.value.code, caught.value.path) == ("options", path)


def test_tables_that_cannot_be_read_are_refused(world: World) -> None:
    table = {"user": ["a"], "shown": ["r1|nothing"], "chose": ["r1"]}
    with pytest.raises(leaning.LeaningError, match="row 0: shown: no response has the id 'noth"):
        benchmark.run(world.responses, table, [Told("mean", MEAN)], progress=False)
    table = {"user": ["a"], "shown": ["r1|r2"], "chose": ["r3"]}
    with pytest.raises(leaning.LeaningError, match="a row with a choice, found none"):
        none = {**table, "chose": [None]}
        benchmark.run(world.responses, none, [Told("mean", MEAN)], progress=False)
    with pytest.raises(leaning.LeaningError, match="one of them chosen"):
        benchmark.run(world.responses, table, [Told("mean", MEAN)], progress=False)


def test_methods_that_need_features_say_so(world: World) -> None:
    for method in (benchmark.MixedLogit(), benchmark.GaussianProcess()):
        with pytest.raises(leaning.LeaningError, match="needs features"):
            world.run(method, scores=[])


def test_without_features_responses_have_weights_of_their_own() -> None:
    world = World(people=150)
    methods = [benchmark.OneForAll(), benchmark.Pref(2)]
    found = world.run(*methods, scores=[], after=(0, 5), folds=2)
    assert found.interval("accuracy", "one for all", 0).low > 0.5
    before, after = (found.interval("log_likelihood", "pref", of).mean for of in (0, 5))
    assert after > before
    deck = benchmark.Leaning([{"dimensions": 2}])
    found = world.run(deck, scores=[], after=(0, 5), folds=2, people=40)
    # Responses that no training person was shown have a score as well.
    assert np.isfinite(found.log_likelihood).all()


def test_style_is_measured_in_texts(world: World) -> None:
    texts = ["word " * (1 + row) for row in range(RESPONSES)]
    responses = {"id": world.responses["id"], "prompt": world.responses["prompt"], "text": texts}
    shown = [sorted(ids) for ids in world.comparisons["shown"]]
    # Everybody wants the longer one.
    longer = [max(ids, key=lambda id: int(id[1:])) for ids in shown]
    table = {"user": world.comparisons["user"], "shown": shown, "chose": longer}
    methods = [benchmark.OneForAll(), benchmark.Leaning([{"dimensions": 1}])]
    options: dict[str, Any] = {"style": True, "people": 20, "folds": 2, "after": (0, 3)}
    found = benchmark.run(responses, table, methods, progress=False, **options)
    for method in found.methods:
        assert found.interval("accuracy", method, 0).mean > 0.9


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "leaning.benchmark", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--after", "0,a"), "--after: expected whole numbers with commas between them"),
        (("--methods", "pref,mine"), "--methods: expected one-for-all, leaning"),
        ((), "error: [Errno 2] No such file or directory: 'responses.csv'"),
    ],
)
def test_the_command_says_in_a_line_what_is_wrong(options: Any, message: str) -> None:
    done = command("responses.csv", "comparisons.csv", *options)
    assert done.returncode != 0
    assert message in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif("LEANING_DATA" not in os.environ, reason="LEANING_DATA names no folder")
def test_real_choices_of_electricity_plans() -> None:
    folder = Path(os.environ["LEANING_DATA"]) / "electricity"
    tables = [str(folder / f"{name}.csv.gz") for name in ("responses", "comparisons")]
    options = ["--people", "60", "--after", "0,5", "--methods", "one-for-all,pref"]
    done = command(*tables, *options)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("59 unseen people, 410 held-out answers")
    assert "| pref − one for all |" in done.stdout
