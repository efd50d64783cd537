"""The benchmark from the command line: prints Markdown tables.

python -m leaning.benchmark responses.csv.gz comparisons.csv.gz --after 0,3,5,8
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from .. import benchmark
from ..errors import LeaningError

_METHODS: dict[str, Callable[[], benchmark.Method]] = {
    "one-for-all": lambda: benchmark.OneForAll(),
    "leaning": lambda: benchmark.Leaning(),
    "pref": lambda: benchmark.Pref(),
    "mixed-logit": lambda: benchmark.MixedLogit(),
    "gaussian-process": lambda: benchmark.GaussianProcess(),
}


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(
        prog="python -m leaning.benchmark",
        description="Measures how well methods predict people they have never seen.",
    )
    parser.add_argument("responses", help="a table as for leaning.fit")
    parser.add_argument("comparisons", help="a table as for leaning.fit")
    parser.add_argument(
        "--methods", default=",".join(_METHODS), help="compared with the first, and with leaning"
    )
    parser.add_argument(
        "--after", type=_numbers, default="0,3,5,10,20", help="numbers of answers given"
    )
    parser.add_argument("--unseen", action="store_true", help="test on unseen responses")
    parser.add_argument("--style", action="store_true", help="features measured in the texts")
    parser.add_argument("--people", type=int, help="the number of people to draw from the data")
    parser.add_argument("--test", type=int, default=4, help="the least number of held-out answers")
    parser.add_argument("--folds", type=int, default=3, help="the number of parts of the people")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    names = arguments.methods.split(",")
    if unknown := [name for name in names if name not in _METHODS]:
        parser.error(f"--methods: expected {', '.join(_METHODS)}; found {unknown[0]}")
    try:
        results = benchmark.run(
            arguments.responses,
            arguments.comparisons,
            [_METHODS[name]() for name in names],
            after=arguments.after,
            unseen=arguments.unseen,
            style=arguments.style,
            people=arguments.people,
            test=arguments.test,
            folds=arguments.folds,
            seed=arguments.seed,
        )
    except (LeaningError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    to = [name for name in results.methods if name in (results.methods[0], "leaning")]
    print(f"{results.about()}\n\n{results.markdown('accuracy', to=to)}\n")
    print(results.markdown("log_likelihood", to=to))


def _numbers(text: str) -> list[int]:
    try:
        return [int(number) for number in text.split(",")]
    except ValueError:
        message = f"expected whole numbers with commas between them, found {text!r}"
        raise argparse.ArgumentTypeError(message) from None


if __name__ == "__main__":
    main()
