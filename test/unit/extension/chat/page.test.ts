import assert from "node:assert/strict";
import { pageOf } from "../../../../extension/chat/html.ts";

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
