import { describe, expect, it } from "vitest";
import { words } from "$words";
import { HostError, toHostError } from "./errors";

describe("what the shell rejects with", () => {
  it("becomes an error with its code and message", () => {
    const error = toHostError({ code: "not-found", message: "there is no such moment" });
    expect(error).toBeInstanceOf(HostError);
    expect(error.code).toBe("not-found");
    expect(error.message).toBe("there is no such moment");
  });

  it("stays what it is if it is one already", () => {
    const error = new HostError("busy", "a dream is running already");
    expect(toHostError(error)).toBe(error);
  });

  it("is never shown raw when it is something else", () => {
    for (const thrown of ["panic at 0x7f", new TypeError("x is undefined"), null, { code: 5 }]) {
      const error = toHostError(thrown);
      expect(error.code).toBe("unreachable");
      expect(error.message).toBe(words.problem.unreachable);
    }
  });
});
