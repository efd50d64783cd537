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
] as const;

/** Characters of a message that comes from elsewhere. */
const MAX_MESSAGE = 400;

/** The kinds of errors, for programs to rely on. */
export type ErrorCode = (typeof CODES)[number];

/** Every error of this package. The call that failed has changed nothing. */
export class LeaningError extends Error {
  override readonly name = "LeaningError";
  readonly code: ErrorCode;
  /** The place of the flaw, such as `prompts[3].candidates[1].scores`. */
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, path?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path || undefined;
  }
}

/** An error about one place of an argument. */
export function flaw(code: ErrorCode, path: string, message: string, options?: ErrorOptions): LeaningError {
  return new LeaningError(code, `${code}: ${path ? `${path}: ` : ""}${message}`, path, options);
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
    return String((error as Error).message)
      .slice(0, MAX_MESSAGE)
      .replace(/[\n\r]+/g, " ");
  } catch {
    return "unknown error";
  }
}
