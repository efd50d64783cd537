/** An error with a `code` that programs can rely on and, where there is one, the `path` of the place. */
export class LeaningError extends Error {
  constructor(code, message, path) {
    super(message);
    this.name = "LeaningError";
    this.code = code;
    if (path) this.path = path;
  }
}

/** Errors of the library become LeaningErrors; anything else would be a fault of its own. */
export function translate(error) {
  if (error instanceof LeaningError) return error;
  return new LeaningError(error?.code ?? "internal", error?.message ?? String(error), error?.path);
}
