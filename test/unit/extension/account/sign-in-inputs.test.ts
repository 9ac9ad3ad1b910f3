import assert from "node:assert/strict";
import {
  newPasswordComplaint,
  passwordComplaint,
  serverComplaint,
  userComplaint,
} from "../../../../extension/account/sign-in-inputs.ts";

describe("What is typed to sign in", () => {
  it("may be any form of a server's address", () => {
    for (const good of [
      "127.0.0.1:8765",
      "chat.example",
      "[::1]:8765",
      "[::1]",
      "chat://host:1/",
      "[fe80::9%eth0]:8765",
      " host:1 ",
      `chat://h:1#${"A".repeat(43)}`,
      "bücher.de:2",
    ]) {
      assert.equal(serverComplaint(good), undefined, good);
    }
  });

  it("is refused, with what to enter instead, where it is no address", () => {
    for (const bad of [
      "",
      " ",
      "a b",
      "http://host:1",
      "host:99999",
      "host:0",
      "host:",
      "user@host:1",
      "host/path",
      "::1",
      "chat://h:1#abc",
      "[1:2]:8765",
    ]) {
      assert.match(serverComplaint(bad) ?? "", /\.$/, bad);
    }
  });

  it("must be a user name as the server wants them", () => {
    assert.equal(userComplaint(" bob "), undefined);
    assert.match(userComplaint("a b") ?? "", /space/);
    assert.match(userComplaint("") ?? "", /empty/);
  });

  it("must be a password", () => {
    assert.equal(passwordComplaint(" "), undefined);
    assert.match(passwordComplaint("") ?? "", /Enter/);
    assert.match(passwordComplaint("x".repeat(2_000)) ?? "", /at most/);
    assert.match(newPasswordComplaint("1234567") ?? "", /at least 8/);
    assert.match(newPasswordComplaint("x".repeat(2_000)) ?? "", /at most/);
    assert.equal(newPasswordComplaint("12345678"), undefined);
  });
});
