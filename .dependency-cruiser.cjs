// The directions of ARCHITECTURE.md, seen over the real import graph, and no cycles.
const layer = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });

module.exports = {
  forbidden: [
    layer("no-cycles", {}, { circular: true }, "A cycle has no first part to read."),
    layer(
      "protocol-is-pure",
      { path: "^protocol/" },
      { pathNot: "^protocol/" },
      "protocol/ imports nothing but itself.",
    ),
    layer(
      "base-knows-protocol-only",
      { path: "^base/" },
      { path: "^(server|daemon|client|cli|extension|test|scripts)/" },
    ),
    layer("server-stands-alone", { path: "^server/" }, { path: "^(daemon|client|cli|extension|test|scripts)/" }),
    layer("daemon-stands-alone", { path: "^daemon/" }, { path: "^(server|client|cli|extension|test|scripts)/" }),
    layer(
      "client-knows-base-and-protocol",
      { path: "^client/" },
      { path: "^(server|daemon|cli|extension|test|scripts)/" },
      "What the command line and the extension share knows neither.",
    ),
    layer("cli-stands-alone", { path: "^cli/" }, { path: "^(server|daemon|extension|test|scripts)/" }),
    layer("extension-stands-alone", { path: "^extension/" }, { path: "^(server|daemon|cli|test|scripts)/" }),
    layer(
      "extension-reaches-base-through-the-rendezvous",
      { path: "^extension/", pathNot: "^extension/daemon-client/" },
      { path: "^base/", pathNot: "^base/(disposable|error-message)[.]ts$" },
      "A view draws and asks; only its connection to the daemon uses Node helpers. What uses no Node is for all.",
    ),
    layer(
      "webview-is-dom-only",
      { path: "^extension/(webview|markdown)/" },
      { pathNot: "^(extension/(webview|markdown)|protocol|node_modules/(markdown-it|highlight[.]js))/" },
      "The page runs in a sandbox: DOM and messages.",
    ),
    layer(
      "core-is-pure",
      { path: "^(server|daemon)/core/" },
      { pathNot: "^(protocol/|server/core/|daemon/core/)" },
      "core/ takes time, chance and ids as arguments.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|\\.build|test-results)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
