import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { errorTable, failure, isErrorCode } from "../../../protocol/errors.ts";

const root = new URL("../../../", import.meta.url);
const documented = readFileSync(new URL("docs/protocol.md", root), "utf8")
  .split("\n")
  .map((line) => /^\| `(\w+)` +\| (yes|no) +\| (yes|no) +\| (\w+) +\| (.*?) *\|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, code, retryable, shown, level, reason]) => ({ code, retryable, shown, level, reason }));

describe("error codes", () => {
  it("are in docs/protocol.md as they are in the code [P-7]", () => {
    const word = (yes: boolean) => (yes ? "yes" : "no");
    const known = Object.entries(errorTable).map(([code, { retryable, shown, level, reason }]) => ({
      code,
      retryable: word(retryable),
      shown: word(shown),
      level,
      reason,
    }));
    assert.deepEqual(documented, known);
  });

  it("are all that the server refuses with [P-7]", () => {
    const sources = readdirSync(new URL("server/", root), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const used = sources.flatMap((name) =>
      Array.from(
        readFileSync(new URL(`server/${name}`, root), "utf8").matchAll(/failure\(\s*"(\w+)"/g),
        ([, code]) => code,
      ),
    );
    assert.ok(used.length > 20);
    for (const code of used) assert.ok(isErrorCode(code), code);
  });

  it("come with a sentence for people", () => {
    for (const { reason } of Object.values(errorTable)) assert.match(reason, /^[A-Z].*\.$/);
    assert.equal(failure("busy").reason, errorTable.busy.reason);
    assert.equal(failure("busy", "Wait.").reason, "Wait.");
  });

  it("are a closed set", () => {
    for (const wrong of ["", "toString", 5, undefined, null]) assert.equal(isErrorCode(wrong), false);
  });
});
