import assert from "node:assert/strict";
import { pageOf } from "../../../../extension/chat/html.ts";
import { safeLink } from "../../../../extension/chat/links.ts";
import { MessageLog } from "../../../../extension/chat/message-log.ts";
import { message } from "../stand-ins.ts";

const parts = {
  cspSource: "https://csp.example",
  nonce: "NONCE",
  scriptUri: "https://csp.example/webview.js",
  styleUri: "https://csp.example/style.css",
  token: "TOKEN",
  conversation: "user:alice",
  name: "alice",
};

describe("The page of a chat panel", () => {
  it("allows nothing but its own script, style and font", () => {
    const policy = /content="([^"]*)"/.exec(pageOf(parts))?.[1] ?? "";
    assert.match(policy, /^default-src 'none';/);
    assert.match(policy, /script-src 'nonce-NONCE'/);
    assert.doesNotMatch(policy, /unsafe|\*|img-src|connect-src/);
  });

  it("has no inline script or style", () => {
    const page = pageOf(parts);
    assert.doesNotMatch(page, /<style|style=|\son\w+=/);
    assert.equal(page.match(/<script/g)?.length, 1);
  });

  it("cannot be broken out of by a name", () => {
    const page = pageOf({ ...parts, name: '"><script>alert(1)</script>', conversation: "user:\"'<" });
    assert.equal(page.match(/<script/g)?.length, 1);
    assert.match(page, /data-name="&quot;&gt;&lt;script&gt;/);
  });
});

describe("A link in a message", () => {
  it("is opened if it is a web or mail address", () => {
    assert.equal(safeLink("https://example.com/a?b#c"), "https://example.com/a?b#c");
    assert.equal(safeLink("HTTP://EXAMPLE.com"), "http://example.com/");
    assert.equal(safeLink("mailto:a@example.com"), "mailto:a@example.com");
  });

  it("is not opened otherwise", () => {
    const bad = [
      "command:x",
      "vscode://file//host/x",
      "file:///etc/passwd",
      "javascript:1",
      "data:text/html,x",
      "x",
      "",
    ];
    for (const each of [...bad, "//host/share", "\\\\host\\share", "https://user:secret@example.com"]) {
      assert.equal(safeLink(each), undefined, each);
    }
  });
});

describe("The loaded part of a conversation", () => {
  it("keeps the order of the history, whatever comes when", () => {
    const log = new MessageLog();
    log.reset([message(5), message(4)], true);
    log.merge([message(7), message(6)]);
    log.prepend([message(2), message(3)], false);
    assert.deepEqual(
      log.messages.map((each) => each.seq),
      [2, 3, 4, 5, 6, 7],
    );
  });

  it("replaces a message whose state changed", () => {
    const log = new MessageLog();
    log.reset([message(1, { own: true, state: "sending" })], false);
    log.merge([message(1, { own: true, state: "delivered" })]);
    assert.deepEqual(
      log.messages.map((each) => each.state),
      ["delivered"],
    );
  });

  it("ignores changes of messages that are older than the loaded part, so that it has no gap", () => {
    const log = new MessageLog();
    log.reset([message(10)], true);
    assert.deepEqual(log.merge([message(3)]), []);
  });
});
