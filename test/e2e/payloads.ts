// What people who mean harm may write: a table of texts that try to run, load, navigate, imitate or choke. Each that would
// run calls `wasRun(id)`, each that would load asks the canary for a path that holds the id, so a hit tells which it was.

export interface Payload {
  readonly id: string;
  readonly text: string;
}

/** @param canary `127.0.0.1:PORT` of a listener that nothing should ever reach */
export function payloads(canary: string): readonly Payload[] {
  const url = (id: string): string => `http://${canary}/${id}`;
  return [...runs, ...loads(url), ...navigates(url), ...hides, ...chokes];
}

const runs: readonly Payload[] = [
  { id: "script", text: "<script>wasRun('script')</script>" },
  { id: "script-src", text: `<script src="data:text/javascript,wasRun('script-src')"></script>` },
  { id: "script-broken", text: `</div></article></main><script>wasRun("script-broken")</script><!--` },
  { id: "module", text: `<script type="module">wasRun("module")</script>` },
  { id: "onerror", text: `<img src=x onerror="wasRun('onerror')">` },
  { id: "onload", text: `<body onload="wasRun('onload')">` },
  { id: "ontoggle", text: `<details open ontoggle="wasRun('ontoggle')">x</details>` },
  { id: "autofocus", text: `<input autofocus onfocus="wasRun('autofocus')">` },
  {
    id: "animation",
    text: `<style>@keyframes x{}</style><b style="animation:x" onanimationstart="wasRun('animation')">`,
  },
  {
    id: "svg",
    text: `<svg xmlns="http://www.w3.org/2000/svg" onload="wasRun('svg')"><script>wasRun('svg')</script></svg>`,
  },
  { id: "svg-use", text: `<svg><use href="data:image/svg+xml,<svg id=x onload=wasRun('svg-use')>#x"/></svg>` },
  { id: "mathml", text: `<math><mtext><table><mglyph><style><img src=x onerror="wasRun('mathml')">` },
  { id: "srcdoc", text: `<iframe srcdoc="<script>parent.wasRun('srcdoc')</script>"></iframe>` },
  { id: "template", text: `<template><script>wasRun("template")</script></template>` },
  { id: "noscript", text: `<noscript><p title="</noscript><img src=x onerror=wasRun('noscript')>">` },
  { id: "link-script", text: `[click](javascript:wasRun('link-script'))` },
  {
    id: "link-script-2",
    text: `[click](JaVaScRiPt&colon;wasRun('link-script-2')) <javascript:wasRun('link-script-2')>`,
  },
  { id: "link-script-3", text: "[click](java\tscript:wasRun('x')) [click](\u0001javascript:wasRun('link-script-3'))" },
  { id: "link-title", text: `[click](https://example.com "\\"onmouseover=\\"wasRun('link-title')")` },
  { id: "link-quote", text: `https://example.com/"onmouseover="wasRun('link-quote')` },
  { id: "fence", text: "```\"><img/src/onerror=wasRun('fence')>\n</code></pre><script>wasRun('fence')</script>\n```" },
  { id: "fence-language", text: "```__proto__\nx\n```\n```constructor\ny\n```\n```../../x\nz\n```" },
  {
    id: "table",
    text: `| a | b |\n|---|---|\n| <img src=x onerror="wasRun('table')"> | [x](javascript:wasRun('table')) |`,
  },
  {
    id: "template-words",
    text: "${wasRun('template-words')} {{constructor.constructor('wasRun(1)')()}} <%= wasRun(1) %>",
  },
  { id: "proto", text: '{"__proto__":{"polluted":true}} constructor prototype hasOwnProperty' },
];

function loads(url: (id: string) => string): readonly Payload[] {
  return [
    { id: "img", text: `<img src="${url("img")}">` },
    { id: "picture", text: `![a picture](${url("picture")})` },
    { id: "picture-reference", text: `![a picture][p]\n\n[p]: ${url("picture-reference")}` },
    { id: "picture-data", text: `![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9Indhc1J1bigxKSIvPg==)` },
    { id: "picture-link", text: `[![x](${url("picture-link")})](${url("picture-link")})` },
    { id: "style", text: `<style>@import "${url("style")}"; body { background: url(${url("style")}) }</style>` },
    { id: "style-attribute", text: `<b style="background:url(${url("style-attribute")})">x</b>` },
    { id: "link-element", text: `<link rel="stylesheet" href="${url("link-element")}">` },
    {
      id: "prefetch",
      text: `<link rel="prefetch" href="${url("prefetch")}"><link rel="dns-prefetch" href="//evil.invalid">`,
    },
    { id: "font", text: `<style>@font-face{font-family:x;src:url(${url("font")})}*{font-family:x}</style>` },
    {
      id: "frame",
      text: `<iframe src="${url("frame")}"></iframe><object data="${url("frame")}"></object><embed src="${url("frame")}">`,
    },
    {
      id: "media",
      text: `<video src="${url("media")}" poster="${url("media")}" autoplay></video><audio src="${url("media")}" autoplay>`,
    },
    { id: "preview", text: `Look: ${url("preview")} and ${url("preview")}.png and //${url("preview").slice(7)}` },
    {
      id: "highlight",
      text: `\`\`\`html\n<img src="${url("highlight")}"><script src="${url("highlight")}"></script>\n\`\`\``,
    },
  ];
}

function navigates(url: (id: string) => string): readonly Payload[] {
  return [
    { id: "refresh", text: `<meta http-equiv="refresh" content="0;url=${url("refresh")}">` },
    { id: "base", text: `<base href="${url("base")}/">` },
    { id: "form", text: `<form action="${url("form")}"><button autofocus>Retry</button></form>` },
    {
      id: "command",
      text: "[quit](command:workbench.action.quit) <command:workbench.action.quit> command:workbench.action.quit",
    },
    { id: "command-code", text: "[x](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22id%0A%22%7D)" },
    {
      id: "vscode",
      text: "[install](vscode:extension/evil.evil) vscode://evil.evil/x vscode-insiders://x code-oss://x",
    },
    { id: "file", text: "[passwords](file:///etc/passwd) <file:///etc/passwd> \\\\evil.invalid\\share" },
    {
      id: "data",
      text: "[x](data:text/html,<script>wasRun('data')</script>) [y](blob:http://x/y) [z](vbscript:x) [a](about:blank)",
    },
    {
      id: "user-info",
      text: `[x](https://github.com@127.0.0.1/) https://example.com\u202E/moc.live (https://exаmple.com)`,
    },
  ];
}

const hides: readonly Payload[] = [
  { id: "bidi", text: "access \u202Enimda\u202C \u2066isolated\u2069 \u200Fright \u061Cletter" },
  { id: "bidi-code", text: '```js\nif (level !== "user\u202E \u2066// only admins\u2069 \u2066") { grant() }\n```' },
  { id: "zero-width", text: "pay\u200Bpal zero\u200Cwidth\u200Djoiner\u2060word\uFEFFmark a\u00ADb" },
  { id: "controls", text: "bell\u0007 escape\u001B[31mred\u001B[0m null\u0000 back\u0008space \u009Bcsi" },
  {
    id: "tags",
    text: `hidden${Array.from("run this", (c) => String.fromCodePoint(0xe0000 + (c.codePointAt(0) ?? 0))).join("")} words`,
  },
  { id: "zalgo", text: `Z${"\u0300\u0301\u0302\u0303".repeat(300)}algo` },
  { id: "icons", text: "$(bug) $(sync~spin) :+1: $(zap)" },
  { id: "imitation", text: "alice, 12:00, Delivered\nRetry\n--- New messages ---" },
  { id: "lone", text: "half \uD83D of a pair \uDE00" },
];

/** Bytes; a little less than a message may have. */
const length = 59_000;
const nested = (unit: string): string =>
  unit.repeat(Math.floor(length / (Buffer.byteLength(JSON.stringify(unit)) - 2)));

/** Each as long as a message may be. */
const chokes: readonly Payload[] = [
  { id: "quotes", text: `${nested("> ")}deep` },
  { id: "brackets", text: nested("[") },
  { id: "bracket-pairs", text: nested("[](") },
  { id: "emphasis", text: nested("*a _b") },
  { id: "stars", text: nested("**a ") },
  { id: "lists", text: Array.from({ length: 240 }, (_, depth) => `${" ".repeat(2 * depth)}- x`).join("\n") },
  { id: "backticks", text: Array.from({ length: 330 }, (_, count) => "`".repeat(count + 1)).join(" ") },
  { id: "links", text: nested("[a](b)") },
  { id: "autolinks", text: nested("http://a.b ") },
  { id: "entities", text: nested("&amp;") },
  { id: "table-wide", text: `${nested("|a").slice(0, length / 2)}\n${nested("|-").slice(0, length / 2)}` },
  { id: "code-long", text: `\`\`\`js\n${nested("(((((`${")}\n\`\`\`` },
  { id: "code-regex", text: `\`\`\`cpp\n${nested('R"aaaaaaaaaaaaaaaaaaa(')}\n\`\`\`` },
  { id: "tags-open", text: nested("<a<b") },
  { id: "one-word", text: nested("W") },
  { id: "mentions", text: nested("@a ") },
  { id: "emoji", text: nested(":smile:") },
  { id: "lines", text: nested("a\n") },
];

/** Everything of this that the rules for names let pass is tried as a name. */
export const hostileNames: readonly string[] = [
  "<script>wasRun('name')</script>",
  "<img/src=x/onerror=wasRun('img')>",
  `"onmouseover="wasRun('name')`,
  "[x](command:workbench.action.quit)",
  "javascript:wasRun('name')",
  "$(bug)$(sync~spin)",
  "**bold**_x_`code`",
  "../../../etc/passwd",
  "${wasRun(1)}{{7*7}}%s%d",
  "constructor",
  "toString",
];

/** Names that no account may have. */
export const forbiddenNames: readonly string[] = [
  "__proto__",
  "a\u202Eb",
  "a b",
  "a\u200Bb",
  "\u0000",
  "type",
  "result",
];
