#!/usr/bin/env python3
"""Accuracy of a deck that is fitted to some people, for others: `leaning fit --as-is`, then `leaning evaluate`.

    cargo build --release -p leaning-cli
    LEANING_DATA=data python3 cli/tests/reference/people.py target/release/leaning
    python3 cli/tests/reference/people.py target/release/leaning data --seeds 3 --sets bank,electricity

For each seed, people are split into three parts. The fit is to two parts. Four answers of everybody in the third part
are held out, and questions come from their others. Prints a Markdown table: means over people of all seeds, with the
mean of the seeds' standard errors. Needs only Python. Its figures are in docs/real-data.md.
"""

import argparse, csv, gzip, json, os, random, subprocess, tempfile

AFTER = [0, 3, 5, 8]


def run(*command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)


def part(rows, people, file):
    with open(file, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(rows[0])
        writer.writerows(row for row in rows[1:] if row[0] in people)


def measure(leaning, folder, seed):
    """The curves of `leaning evaluate`, and the number of people."""
    with gzip.open(f"{folder}/comparisons.csv.gz", "rt") as file:
        rows = list(csv.reader(file))
    assert rows[0][0] == "user"
    people = sorted({row[0] for row in rows[1:]})
    random.Random(seed).shuffle(people)
    third = len(people) // 3
    with tempfile.TemporaryDirectory() as made:
        part(rows, set(people[third:]), f"{made}/some.csv")
        part(rows, set(people[:third]), f"{made}/others.csv")
        responses = ["--responses", f"{folder}/responses.csv.gz", "--comparisons"]
        deck = f"{made}/deck.json"
        # A report would measure much the same, and take longer.
        run(leaning, "fit", "--as-is", *responses, f"{made}/some.csv", "--out", deck)
        after = ",".join(map(str, AFTER))
        evaluate = [leaning, "evaluate", "--deck", deck, *responses, f"{made}/others.csv", "--answers", after]
        report = run(*evaluate, "--test", "4", "--seeds", "1")
    return report["curves"], report["people"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("leaning")
    parser.add_argument("data", nargs="?", default=os.environ.get("LEANING_DATA"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sets", default="bank,electricity")
    arguments = parser.parse_args()
    print("| | answers given | " + " | ".join(map(str, AFTER)) + " |")
    print("|---|---|" + "---|" * len(AFTER))
    for name in arguments.sets.split(","):
        seeds = [measure(arguments.leaning, f"{arguments.data}/{name}", seed) for seed in range(arguments.seeds)]
        everybody = sum(people for _, people in seeds)
        for place, curve in enumerate(seeds[0][0]):
            cells = []
            for k in range(len(AFTER)):
                found = [(curves[place]["accuracy"][k], people) for curves, people in seeds]
                mean = sum(of["mean"] * people for of, people in found) / everybody
                error = sum(of["error"] for of, _ in found) / len(found)
                cells.append(f"{mean:.3f} ± {error:.3f}")
            print(f"| {name} | {curve['name']} | " + " | ".join(cells) + " |", flush=True)


main()
