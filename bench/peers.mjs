// The time that other programs take to choose a question.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIZES = [1_000, 10_000, 100_000];
const ROUNDS = 5;

/** jsCAT takes its optimiser from a repository, which npm may not reach. It chooses items without one. */
const PACKAGE = {
  private: true,
  type: "module",
  dependencies: { "@bdelab/jscat": "5.2.3" },
  overrides: { "optimization-js": "npm:optimization-js@*" },
};

/** Times jsCAT's choice by the largest Fisher information, and prints rows like those of peers.py. */
const JSCAT = `
import { Cat } from "@bdelab/jscat";
const median = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
const rows = ${JSON.stringify(SIZES)}.map((pairs) => {
  const items = Array.from({ length: pairs }, (_, place) => ({ difficulty: Math.sin(place), discrimination: 1, guessing: 0, slipping: 1 }));
  const cat = new Cat({ itemSelect: "mfi", nStartItems: 0 });
  const times = [];
  for (let round = 0; round <= ${ROUNDS}; round++) {
    const start = performance.now();
    cat.findNextItem(items);
    times.push(performance.now() - start);
  }
  return { name: "jsCAT, one dimension", pairs, choose: median(times.slice(1)) };
});
console.log(JSON.stringify(rows));`;

/** The rows of all peers that can be run here, and a word for each that cannot. `LEANING_PYTHON` may name a Python with NumPy. */
export function peers(root) {
  const python = process.env.LEANING_PYTHON ?? "python3";
  const inNumPy = run(python, [join(root, "bench", "peers.py")], root, { OMP_NUM_THREADS: "1" });
  const jsCat = inFolder((folder) => {
    writeFileSync(join(folder, "package.json"), JSON.stringify(PACKAGE));
    writeFileSync(join(folder, "time.js"), JSCAT);
    const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
    const { status } = spawnSync("npm", install, { cwd: folder, stdio: "ignore", timeout: 300_000 });
    return status === 0 ? run("node", ["time.js"], folder) : null;
  });
  const missing = [
    ...(inNumPy ? [] : [`\`${python}\` with NumPy and SciPy`]),
    ...(jsCat ? [] : ["jsCAT from npm"]),
  ];
  return { rows: [...(inNumPy ?? []), ...(jsCat ?? [])], missing };
}

/** What a program prints, as JSON, or null if it fails. */
function run(program, given, cwd, more = {}) {
  const options = { cwd, encoding: "utf8", env: { ...process.env, ...more }, timeout: 600_000 };
  const { status, stdout } = spawnSync(program, given, options);
  return status === 0 ? JSON.parse(stdout) : null;
}

function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "leaning-peers-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
