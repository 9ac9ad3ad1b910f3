import assert from "node:assert/strict";
import { pageOf } from "../../../../extension/chat/html.ts";
import { readPosted } from "../../../../protocol/page/page-messages.ts";
import { pageTexts } from "../../../../protocol/page/page-texts.ts";

const parts = {
  cspSource: "https://csp.example",
  nonce: "NONCE",
  scriptUri: "https://csp.example/webview.js",
  styleUri: "https://csp.example/style.css",
  token: "TOKEN",
  conversation: "user:alice",
  name: "alice",
  language: "en",
  texts: {},
};

/** Those that run: data is none. */
const scripts = (page: string): number => page.match(/<script(?![^>]*type="application\/json")/g)?.length ?? 0;

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
    assert.equal(scripts(page), 1);
  });

  it("is in the language that its texts are in, and brings their translations along", () => {
    const page = pageOf({ ...parts, language: "de", texts: { Send: "Senden" } });
    assert.match(page, /<html lang="de">/);
    const given = /<script nonce="NONCE" type="application\/json" id="texts">(.*)<\/script>/.exec(page)?.[1] ?? "";
    assert.deepEqual(readPosted(pageTexts, JSON.parse(given)), [{ english: "Send", shown: "Senden" }]);
  });

  it("cannot be broken out of by a translation or a language", () => {
    const texts = { Send: "</script><script>alert(1)</script><!--" };
    const page = pageOf({ ...parts, language: '"><script>', texts });
    assert.equal(scripts(page), 1);
    assert.match(page, /<html lang="&quot;&gt;&lt;script&gt;">/);
    assert.match(page, /\\u003c\/script>\\u003cscript>alert/);
  });

  it("cannot be broken out of by a name", () => {
    const page = pageOf({ ...parts, name: '"><script>alert(1)</script>', conversation: "user:\"'<" });
    assert.equal(scripts(page), 1);
    assert.match(page, /data-name="&quot;&gt;&lt;script&gt;/);
  });
});
