const CODES = [
  "answer",
  "candidates",
  "deck",
  "deck-mismatch",
  "fetch",
  "internal",
  "json",
  "log",
  "not-converged",
  "not-deleted",
  "not-ready",
  "options",
  "unsupported",
] as const;

/** Characters of a message that comes from elsewhere. */
const MAX_MESSAGE = 400;
/** Characters of a whole message, and of a place, which may quote names of the caller's. */
const MAX_LINE = 600;
const MAX_PATH = 200;

/** Control characters and line separators, which would break a message into lines. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** The kinds of errors, for programs to rely on. */
export type ErrorCode = (typeof CODES)[number];

/** Every error of this package. The call that failed has changed nothing. */
export class LeaningError extends Error {
  override readonly name = "LeaningError";
  readonly code: ErrorCode;
  /** The place of the flaw, such as `prompts[3].candidates[1].scores`. */
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, path?: string, options?: ErrorOptions) {
    super(oneLine(message, MAX_LINE), options);
    this.code = code;
    this.path = path ? oneLine(path, MAX_PATH) : undefined;
  }
}

/** An error about one place of an argument. */
export function flaw(code: ErrorCode, path: string, message: string, options?: ErrorOptions): LeaningError {
  const place = path ? `${oneLine(path, MAX_PATH)}: ` : "";
  return new LeaningError(code, `${code}: ${place}${message}`, path, options);
}

/** Turns an error of the wasm module into a LeaningError. Only a crash has no code of its own. */
export function toLeaningError(error: unknown): LeaningError {
  if (error instanceof LeaningError) return error;
  const { code, path } = Object(error) as Partial<LeaningError>;
  const known = CODES.find((one) => one === code);
  return new LeaningError(known ?? "internal", messageOf(error), path, { cause: error });
}

/** Whether something that was thrown is an error of this package: a revoked proxy throws when it is asked. */
export function isLeaningError(error: unknown): error is LeaningError {
  try {
    return error instanceof LeaningError;
  } catch {
    return false;
  }
}

/** The message of anything that was thrown, on one line of readable length, even if reading it throws. */
export function messageOf(error: unknown): string {
  try {
    return oneLine(String((error as Error).message), MAX_MESSAGE);
  } catch {
    return "unknown error";
  }
}

/** The beginning of a text, on one line. */
function oneLine(text: string, longest: number): string {
  return text.slice(0, longest).replace(BREAKS, " ");
}
