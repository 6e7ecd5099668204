import type { Code } from "$bindings";
import { words } from "$words";

/** A failure with a code to act on and a message to read. */
export class HostError extends Error {
  readonly code: Code | "unreachable";

  constructor(code: Code | "unreachable", message: string) {
    super(message);
    this.name = "HostError";
    this.code = code;
  }
}

const CODES: readonly string[] = [
  "invalid-input",
  "not-found",
  "cancelled",
  "busy",
  "newer-journal",
  "io",
  "store",
] satisfies Code[];

/** Whatever was thrown, as something a person can read. */
export function toHostError(thrown: unknown): HostError {
  if (thrown instanceof HostError) return thrown;
  if (typeof thrown === "object" && thrown !== null) {
    const { code, message } = thrown as { code?: unknown; message?: unknown };
    if (typeof code === "string" && CODES.includes(code) && typeof message === "string") {
      return new HostError(code as Code, message);
    }
  }
  return new HostError("unreachable", words.problem.unreachable);
}
