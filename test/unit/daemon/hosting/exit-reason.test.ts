import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { lastWords } from "../../../../daemon/hosting/exit-reason.ts";

const ended = (lines: readonly string[]): string => lastWords(lines, 1, null);

/** What a real Node says when that ends it. */
function crash(...args: string[]): string[] {
  return spawnSync(process.execPath, args, { encoding: "utf8" }).stderr.split("\n");
}

describe("why a hosted server ended", () => {
  it("is what the server itself complained of", () => {
    const lines = ['{"event":"listening"}', "chat-room-server: The data folder is in use.", "Node.js v24.21.0"];
    assert.equal(ended(lines), "The data folder is in use.");
  });

  it("is the error that ended it, and never the version of Node", () => {
    assert.match(ended(crash("/gone/server.js")), /^The server failed: Error: Cannot find module '\/gone\/server\.js'/);
    assert.match(ended(crash("-e", "null.x")), /^The server failed: TypeError: Cannot read properties of null/);
    const code = "throw Object.assign(new RangeError('no luck'), { code: 'ERR_LUCK' })";
    assert.match(ended(crash("-e", code)), /^The server failed: RangeError.*: no luck/);
    assert.match(ended(crash("-e", "throw 'a word'")), /a word/);
  });

  it("is what it said last where it threw nothing, and how it ended where it said nothing", () => {
    assert.equal(ended(['{"event":"x"}', "Killed by the keeper.", ""]), "Killed by the keeper.");
    assert.match(lastWords(['{"event":"x"}'], null, "SIGKILL"), /ended before it was ready \(SIGKILL\)/);
    assert.match(lastWords([], 7, null), /\(exit code 7\)/);
  });
});
