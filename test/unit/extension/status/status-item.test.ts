import assert from "node:assert/strict";
import { connectionStatusOf } from "../../../../extension/daemon-client/connection-status.ts";
import type { ConnectionState } from "../../../../extension/daemon-client/connection-status.ts";
import { statusBarOf } from "../../../../extension/status/status-item.ts";
import { connectedSession, person } from "../stand-ins.ts";

const account = { user: "bob", server: "s:1" };

describe("How things stand", () => {
  it("is about the daemon first, about the session then", () => {
    assert.equal(connectionStatusOf({ state: "connecting" }, connectedSession).state, "starting");
    assert.equal(connectionStatusOf({ state: "down", reason: "No." }, connectedSession).state, "down");
    assert.equal(connectionStatusOf({ state: "connected" }, undefined).state, "starting");
    assert.equal(connectionStatusOf({ state: "connected" }, connectedSession).state, "connected");
  });

  it("tells an ended session from one that was ended elsewhere", () => {
    assert.equal(connectionStatusOf({ state: "connected" }, { state: "signedOut" }).state, "signedOut");
    assert.equal(
      connectionStatusOf({ state: "connected" }, { state: "signedOut", elsewhere: true }).state,
      "elsewhere",
    );
  });

  it("says in whole sentences why the server cannot be reached", () => {
    const session = { state: "unreachable", account, reason: "refused", retryAtMs: 0 } as const;
    assert.equal(
      connectionStatusOf({ state: "connected" }, session).sentence,
      "s:1 cannot be reached: refused. Chat Room keeps trying.",
    );
    assert.equal(
      connectionStatusOf({ state: "connected" }, { ...session, reason: "Nothing listens at s:1." }).sentence,
      "Nothing listens at s:1. Chat Room keeps trying.",
    );
  });
});

describe("A server with another key than before", () => {
  it("is no server that cannot be reached: the person has to compare", () => {
    const distrust = { shown: "A".repeat(43), expected: "B".repeat(43) };
    const session = { state: "unreachable", account, reason: "Another key.", retryAtMs: 0, distrust } as const;
    const status = connectionStatusOf({ state: "connected" }, session);
    assert.deepEqual([status.state, status.sentence], ["distrusted", "Another key."]);
    assert.equal(statusBarOf(status, []).command, "chatRoom.trustServer");
  });
});

describe("The status bar item", () => {
  const click = (state: ConnectionState): string => statusBarOf({ state, sentence: "S." }, []).command;

  it("does the sensible thing in every state", () => {
    assert.equal(click("signedOut"), "chatRoom.signIn");
    assert.equal(click("elsewhere"), "chatRoom.signInHere");
    assert.equal(click("unreachable"), "chatRoom.reconnect");
    assert.equal(click("down"), "chatRoom.troubleshoot");
    assert.equal(click("connected"), "chatRoom.menu");
  });

  it("counts what is unread and opens the latest of it", () => {
    const contacts = [person("a", { unread: 2, lastAtMs: 1 }), person("b", { unread: 1, lastAtMs: 2 })];
    const shown = statusBarOf({ state: "connected", sentence: "S." }, contacts);
    assert.match(shown.text, / 3$/);
    assert.equal(shown.command, "chatRoom.openChat");
    assert.deepEqual(shown.argument, { conversation: "user:b", name: "b" });
    assert.match(shown.accessibleLabel, /^Chat Room: 3 new messages/);
  });

  it("shows what the person says about being there, where that is more than being there", () => {
    const shown = statusBarOf({ state: "connected", sentence: "S." }, [], { state: "dnd", text: "focus" });
    assert.match(shown.text, /bell-slash/);
    assert.equal(shown.tooltip, "S. Your status: do not disturb (focus). Click for more.");
    const untilMs = Date.now() + 400 * 24 * 3_600_000;
    const ending = statusBarOf({ state: "connected", sentence: "S." }, [], { state: "away", untilMs });
    assert.match(ending.tooltip, /^S\. Your status: away, until .*\d\d\d\d\. Click/);
    const plain = statusBarOf({ state: "connected", sentence: "S." }, [], { state: "available" });
    assert.deepEqual(plain, statusBarOf({ state: "connected", sentence: "S." }, []));
  });

  it("warns only where the person has to act", () => {
    const states: ConnectionState[] = ["starting", "down", "signedOut", "connecting", "connected", "unreachable"];
    assert.deepEqual(
      states.filter((state) => statusBarOf({ state, sentence: "S." }, []).warning),
      ["down"],
    );
  });
});
