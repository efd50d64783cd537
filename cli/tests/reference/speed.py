#!/usr/bin/env python3
"""Time and memory of `leaning fit` by number of people and of comparisons.

    cargo build --release -p leaning-cli -p leaning-bench --bin leaning --example choices
    python3 cli/tests/reference/speed.py target/release docs/real-data/speed.svg

Runs the command on made-up choices of bench/examples/choices.rs: 6 tastes over 5,000 responses of 20 features. Prints a
Markdown table and draws the times. Times depend on the machine and its load, so read their growth. The figures of one
run are in docs/real-data.md.
"""

import json, math, os, subprocess, sys, tempfile, time

# People, comparisons per person.
SIZES = [(500, 50), (1000, 50), (2000, 50), (5000, 50), (10000, 50), (20000, 50), (20000, 12), (20000, 25), (5000, 200),
         (200000, 50)]


def run(command, folder):
    arguments = [command, "fit", "--responses", "responses.csv", "--comparisons", "comparisons.parquet", "--out", "deck.json"]
    start = time.monotonic()
    child = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, output
    json.loads(output)
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def draw(rows, path):
    """Seconds against comparisons, both logarithmic: a dot per run, with an area by people."""
    x = lambda n: 60 + 520 * (math.log10(n) - 4) / 3.2
    y = lambda s: 300 - 250 * (math.log10(s) + 1) / 4.2
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 350" font-family="sans-serif" font-size="12">',
             '<rect width="640" height="350" fill="#fff"/><text x="60" y="24" font-size="15">Time of leaning fit, d = 6</text>']
    for n, label in [(1e4, "10,000"), (1e5, "100,000"), (1e6, "1,000,000"), (1e7, "10,000,000")]:
        parts.append(f'<path d="M{x(n):.0f} 40V300" stroke="#ddd"/><text x="{x(n):.0f}" y="318" text-anchor="middle">{label}</text>')
    for s in [0.1, 1, 10, 100, 1000]:
        parts.append(f'<path d="M60 {y(s):.0f}H600" stroke="#ddd"/><text x="54" y="{y(s) + 4:.0f}" text-anchor="end">{s:g} s</text>')
    parts.append('<text x="330" y="340" text-anchor="middle">comparisons (dots: people, larger for more)</text>')
    for people, each, seconds, *_ in rows:
        parts.append(f'<circle cx="{x(people * each):.1f}" cy="{y(seconds):.1f}" r="{3 + math.sqrt(people / 1000):.1f}" fill="#2a62b8" fill-opacity=".6">'
                     f'<title>{people} people, {each} each: {seconds:.1f} s</title></circle>')
    with open(path, "w") as file:
        file.write("\n".join(parts) + "\n</svg>\n")


def main():
    folder_of_programs, picture = os.path.abspath(sys.argv[1]), sys.argv[2]
    command, generator = f"{folder_of_programs}/leaning", f"{folder_of_programs}/examples/choices"
    rows = []
    print("| people | answers each | comparisons | seconds | processor seconds | MB |\n|---:|---:|---:|---:|---:|---:|")
    for people, each in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([generator, str(people), str(each), "parquet", folder], check=True)
            seconds, processor, memory = run(command, folder)
        rows.append((people, each, seconds, processor, memory))
        print(f"| {people:,} | {each} | {people * each:,} | {seconds:.1f} | {processor:.1f} | {memory:.0f} |", flush=True)
    draw(rows, picture)


if __name__ == "__main__":
    main()
