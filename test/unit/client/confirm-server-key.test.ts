import assert from "node:assert/strict";
import { confirmServerKey } from "../../../client/confirm-server-key.ts";
import type { ServerKey } from "../../../client/confirm-server-key.ts";
import type { Failure } from "../../../protocol/errors.ts";
import { failure } from "../../../protocol/errors.ts";
import { daemonThatAnswers } from "./daemon-stand-in.ts";

describe("the key of a server, before a sign-in", () => {
  const pin = "A".repeat(43);
  const denied = failure("denied", "no");

  async function confirm(seen: Omit<ServerKey, "server" | "pin"> | Failure, agreed = true) {
    const asked: string[] = [];
    const given: unknown[] = [];
    const daemon = daemonThatAnswers({
      "chatRoom/inspectServer": (params) => {
        given.push(params);
        return "ok" in seen ? seen : { ok: true, server: "host:1", pin, ...seen };
      },
    });
    const outcome = await confirmServerKey(daemon, "HOST:1", undefined, {
      metFirst() {
        asked.push("first");
        return Promise.resolve(agreed ? undefined : denied);
      },
      otherKey(key, expected) {
        asked.push(`other ${key.trust} ${expected}`);
        return denied;
      },
      unseen: () => void asked.push("unseen"),
    });
    return { outcome, asked, given };
  }

  it("is right without a question where the daemon trusts it, under the one spelling of the address", async () => {
    const { outcome, asked, given } = await confirm({ trust: "trusted" });
    assert.deepEqual(
      { outcome, asked, given },
      { outcome: { ok: true, server: "host:1", pin }, asked: [], given: [{ server: "HOST:1" }] },
    );
  });

  it("is asked about where nobody met the server, and not accepted without a yes", async () => {
    const yes = await confirm({ trust: "unknown" });
    assert.deepEqual([yes.asked, yes.outcome.ok], [["first"], true]);
    assert.deepEqual((await confirm({ trust: "unknown" }, false)).outcome, denied);
  });

  it("is never accepted where another one is expected, whatever a person says", async () => {
    for (const trust of ["changed", "mismatch"] as const) {
      const { outcome, asked } = await confirm({ trust, expected: "B" });
      assert.deepEqual([outcome, asked], [denied, [`other ${trust} B`]]);
    }
  });

  it("is not judged where the server cannot be reached", async () => {
    const gone = failure("unavailable", "gone");
    const { outcome, asked } = await confirm(gone);
    assert.deepEqual([outcome, asked], [gone, ["unseen"]]);
  });
});
