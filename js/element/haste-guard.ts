// Keeps a double click, a double tap or a bouncing key from answering a question that nobody can have read yet.

import { painted, windowOf } from "./dom.js";

/** The time after the paint, in milliseconds, in which a click or tap at the same place counts for nothing. */
const POINTER_TIME = 500;
/** The same for keys, and for clicks that keys or assistive technology make. */
const KEY_TIME = 250;
/** The distance, in pixels, from which on a pointer has been moved on purpose. */
const MOVED = 24;

interface Point {
  x: number;
  y: number;
}

export class HasteGuard {
  readonly #host: Element;
  /** When the newest thing on the screen was painted, on the clock of events. Infinite until it is. */
  #paintedAt = Number.POSITIVE_INFINITY;
  #appearances = 0;
  #lastClick: Point | undefined;

  constructor(host: Element) {
    this.#host = host;
  }

  /** Something new stands where something else may have been clicked. */
  async appeared(): Promise<void> {
    this.#paintedAt = Number.POSITIVE_INFINITY;
    const appearance = ++this.#appearances;
    await painted(this.#host);
    // Each window has a clock of its own.
    if (appearance === this.#appearances) this.#paintedAt = windowOf(this.#host).performance.now();
  }

  /** Whether a click comes too soon to be meant for what it hits. Every click has to be looked at. */
  isHastyClick({ timeStamp, detail, clientX: x, clientY: y }: MouseEvent): boolean {
    // Keys and assistive technology click without a pointer.
    if (detail === 0) return this.#isWithin(KEY_TIME, timeStamp);
    const last = this.#lastClick;
    this.#lastClick = { x, y };
    const hasMoved = last !== undefined && Math.hypot(x - last.x, y - last.y) > MOVED;
    return this.#isWithin(hasMoved ? 0 : POINTER_TIME, timeStamp);
  }

  isHastyKey({ timeStamp }: KeyboardEvent): boolean {
    return this.#isWithin(KEY_TIME, timeStamp);
  }

  /** The time of an event is that of the person's action, however late the page gets to it. */
  #isWithin(time: number, timeStamp: number): boolean {
    // Some privacy settings and simulated events leave it out.
    const acted = timeStamp > 0 ? timeStamp : windowOf(this.#host).performance.now();
    return acted < this.#paintedAt + time;
  }
}
