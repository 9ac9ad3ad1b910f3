import assert from "node:assert/strict";
import { bannerOf } from "../../../../extension/chat/banner.ts";
import { person } from "../stand-ins.ts";

const unreachable = { state: "unreachable", sentence: "Nothing listens at s:1. Chat Room keeps trying." } as const;

describe("The banner of a chat", () => {
  it("says while the server cannot be reached that what is written is kept", () => {
    const banner = bannerOf(unreachable, person("zoe", { route: { kind: "server", why: "" } }));
    assert.equal(banner?.severity, "warning");
    assert.equal(banner.text, `${unreachable.sentence} What you write is kept and sent then.`);
  });

  it("does not say so of a chat that goes directly, for that is sent at once", () => {
    const banner = bannerOf(unreachable, person("zoe", { route: { kind: "direct", address: "a:1" } }));
    assert.equal(banner?.text, "The server cannot be reached. Messages to zoe go directly meanwhile.");
    assert.deepEqual([banner.severity, banner.actions[0]?.id], ["info", "reconnect"]);
  });

  it("leaves asking to sign in to the sentence and the button", () => {
    const sentence = "The session has ended. Sign in again.";
    assert.equal(bannerOf({ state: "signedOut", sentence }, person("zoe"))?.text, sentence);
  });

  it("says that the account that is signed in knows nobody of that name", () => {
    const connected = { state: "connected", sentence: "" } as const;
    assert.match(bannerOf(connected, person("zoe"), false)?.text ?? "", /no user of that name on this server/);
    assert.equal(bannerOf(connected, person("zoe")), undefined);
    assert.equal(bannerOf(connected, person("zoe", { blocked: true }), false)?.actions[0]?.id, "unblock");
    assert.equal(bannerOf(unreachable, person("zoe"), false)?.severity, "warning");
  });

  it("offers to sign in here after a sign-in at another place", () => {
    const banner = bannerOf({ state: "elsewhere", sentence: "You signed in at another place." }, person("zoe"));
    assert.deepEqual(banner?.actions, [{ id: "signInHere", label: "Sign In Here" }]);
  });
});
