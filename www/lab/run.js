// One run: workers that interview people in parallel, a few people at a time.

/** The number of people that a worker is given at a time: few, so that the picture moves. */
const BATCH = 4;
/** The most workers. Each has an engine of its own in memory. */
const MOST_WORKERS = 8;

export class Run {
  #workers = [];
  #isStopped = false;

  /** Reads a deck as the engine does. Rejects if the lab cannot use it. */
  async check(deck) {
    return this.#ask(this.#open(), { task: "check", deck });
  }

  /**
   * Interviews `settings.count` people, and calls `took` with the number of the first person of a batch and everybody's
   * results. Resolves when all are done. Never, if it is stopped.
   */
  async start(deck, settings, took) {
    const { count } = settings;
    // One processor is left for the page.
    const processors = Math.max(1, (navigator.hardwareConcurrency ?? 2) - 1);
    const workers = Math.min(processors, MOST_WORKERS, Math.ceil(count / BATCH));
    let next = 0;
    const work = async () => {
      const worker = this.#open();
      await this.#ask(worker, { task: "prepare", deck, settings });
      while (next < count && !this.#isStopped) {
        const from = next;
        next = Math.min(count, from + BATCH);
        took(from, await this.#ask(worker, { task: "people", from, to: next }));
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  /** Ends all workers at once. */
  stop() {
    this.#isStopped = true;
    for (const worker of this.#workers) worker.terminate();
  }

  #open() {
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.#workers.push(worker);
    return worker;
  }

  /** Sends a task to a worker, which answers one at a time. */
  #ask(worker, task) {
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { result, error } }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(
          new Error(
            "The simulation could not start. It needs a browser with module workers and WebAssembly.",
          ),
        );
      };
      worker.postMessage(task);
    });
  }
}
