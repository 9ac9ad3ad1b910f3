// What others wrote, and what a server says, reaches no terminal as it is, whichever command shows it (CWE-150).

import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import fc from "fast-check";
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from "vscode-jsonrpc/node";
import { parseArguments } from "../../../cli/parse/arguments.ts";
import { DaemonConnection } from "../../../cli/connection/daemon-connection.ts";
import { handlers } from "../../../cli/commands/command-handlers.ts";
import { Output } from "../../../cli/terminal/output.ts";
import { commandNames } from "../../../cli/parse/command-table.ts";
import { messagesChanged, notice } from "../../../protocol/api/notifications.ts";
import { hiddenRanges } from "../../../protocol/text/hidden-characters.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { received } from "../daemon/stored.ts";

const pin = "A".repeat(43);
const spoof = "SPOOFED: a line of its own";

/** Characters that a terminal obeys or does not show, among others. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...hiddenRanges.flatMap(({ from, to }) => [from, to])).map((code) => String.fromCodePoint(code)),
      fc.constantFrom("\u001b[2J", "\u001b]0;t\u0007", "\u009b31m", "\r", "a", "é", "👩‍💻"),
    ),
    { maxLength: 12 },
  )
  .map((parts) => `x${parts.join("").toWellFormed()}\n${spoof}`);

/** What a terminal obeys: controls but tab and line feed, and marks that reorder. */
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Every command, as often as it has ways of saying something. */
const lines: readonly string[] = [
  ...["status", "online", "unread", "accounts", "switch other", "requests", "doctor", "stop", "tail", "logout"],
  ...["history bob", "history --everyone", "search x", "mark-read bob", "mark-read --all", "mute bob", "unmute bob"],
  ...["send bob hi", "broadcast hi", "edit bob hi", "delete-message bob --yes", "block bob", "unblock bob"],
  ...["connect bob", "disconnect bob", "address bob", "verify bob", "revoke bob", "answer bob once", "answer x once"],
  ...["delete-conversation bob --yes", "trust host:1", `trust host:1 ${pin}`, "export - bob", "import /nowhere"],
  ...["login --user x --password-stdin", "login --register --user x --password-stdin", "completion words -- send x"],
  "invite --uses 2",
];

/** What a daemon answers that was told all of that by others. */
function answers(evil: string): Record<string, object> {
  const name = evil.slice(0, 64);
  const account = { user: name, server: evil };
  const other = { user: "other", server: evil };
  const session = { state: "unreachable", account, reason: evil, retryAtMs: 0 };
  const quote = { mid: "q", from: name, text: evil };
  const own = received(2, { own: true, from: name, text: evil, state: "queued" });
  const messages = [received(1, { from: name, text: evil, quote }), own];
  const flags = { blocked: false, muted: false, unread: 2, lastAtMs: 1 };
  const contacts = [
    { conversation: "user:bob", name, presence: "away", presenceText: evil, lastWords: evil, ...flags },
    { conversation: "user:carl", name: evil.slice(0, 32), presence: "away", ...flags, muted: true },
  ];
  const question = { id: "1", user: name, ip: evil.slice(0, 64), vouched: false, keyChanged: true, expiresAtMs: 0 };
  const address = { ip: evil.slice(0, 64), port: 1 };
  return {
    status: {
      ...{ session, pid: 1, version: evil, build: 0, home: evil, windows: 0, outbox: 1, unread: 1, notes: [evil] },
      ...{ waiting: [{ name, messages: 1 }], hostedServer: evil, hostedTrouble: evil },
    },
    ...{ snapshot: { session, contacts }, findContact: { contact: contacts[0] }, online: { users: [name] } },
    history: { messages, more: false },
    search: { hits: messages.map((message) => ({ message })) },
    accounts: { accounts: [account, other].map((each) => ({ account: each, current: false, signedIn: true })) },
    ...{ switchAccount: { account }, signIn: { account }, register: {}, send: { message: own } },
    ...{ questions: { questions: [question, { ...question, user: "x" }] }, consents: { consents: [] } },
    ...{ connectDirectly: { address: evil.slice(0, 64) }, peerAddress: { ...address, addresses: [address] } },
    ...{ inspectServer: { server: evil, pin, trust: "changed", expected: pin }, trustServer: { server: evil } },
    safetyNumber: { digits: "1".repeat(60), key: pin, ownKey: pin, verified: false },
    invite: { link: evil, server: evil, invite: evil, uses: 2, expiresAtMs: 1, local: true },
    deleteConversation: { remains: [evil] },
    exportHistory: { lines: [] },
  };
}

describe("what others wrote", function () {
  this.timeout(60_000);
  let server: Server;
  let evil: string;
  let refuses: boolean;
  const sockets: Socket[] = [];

  before(async () => {
    server = createServer({ noDelay: true }, serve).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    for (const each of sockets) each.destroy();
    server.close();
  });

  function serve(socket: Socket): void {
    sockets.push(socket);
    const daemon = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    const known = answers(evil);
    daemon.onRequest((method) => {
      const name = method.replace("chatRoom/", "");
      if (name === "stop") setImmediate(() => socket.destroy());
      if (refuses) return { ok: false, code: "internal", reason: evil };
      return { ok: true, ...known[name] };
    });
    daemon.listen();
    const told = received(9, { from: evil.slice(0, 64), text: evil });
    void daemon.sendNotification(messagesChanged.method, { messages: [told] });
    void daemon.sendNotification(notice.method, { text: evil });
  }

  async function outputOf(line: string, json: boolean): Promise<string> {
    const parsed = parseArguments([...(json ? ["--json"] : []), ...line.split(" ")]);
    assert.ok(parsed.kind === "command", line);
    const written: string[] = [];
    const opened: DaemonConnection[] = [];
    const { port } = server.address() as AddressInfo;
    const connect = (): Promise<DaemonConnection> => {
      const client = new DaemonConnection(createConnection({ port, host: "127.0.0.1", noDelay: true }));
      opened.push(client);
      return Promise.resolve(client);
    };
    await handlers[parsed.name]({
      ...{ words: parsed.words, options: parsed.options, clock: new FakeClock(), connect, connectOnly: connect },
      output: new Output(json, (_, text) => written.push(text)),
      terminal: {
        ...{ interactive: false, ask: () => Promise.resolve("y"), askSecret: () => Promise.resolve("secret") },
        ...{ readAll: () => Promise.resolve("secret"), close: () => undefined },
      },
      untilDaemonEnded: () => Promise.resolve(true),
      interrupted: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
    for (const each of opened) each.close();
    return written.join("");
  }

  it("is in the test whichever command may show it", () => {
    const tested = new Set(lines.map((line) => line.split(" ")[0]));
    assert.deepEqual(
      commandNames.filter((name) => !tested.has(name)),
      ["help"],
    );
  });

  for (const json of [false, true]) {
    it(`reaches no terminal as it is${json ? ", nor as JSON" : ", nor passes for a line of ours"}`, async () => {
      await fc.assert(
        fc.asyncProperty(hostile, fc.constantFrom(...lines), fc.boolean(), async (text, line, isRefused) => {
          [evil, refuses] = [text, isRefused];
          const written = await outputOf(line, json);
          assert.doesNotMatch(written, obeyed, line);
          if (json) for (const each of written.trim().split("\n")) if (each !== "") isJsonOrCandidate(each, line);
          // A reason is a text of several lines where it compares keys.
          const isOneLine = /^(status|online|unread|accounts|requests|doctor|address|invite|history|search)/.test(line);
          if (!json && !isRefused && isOneLine) assert.doesNotMatch(written, new RegExp(`^${spoof}`, "m"));
        }),
        { numRuns: 300 },
      );
    });
  }

  function isJsonOrCandidate(text: string, line: string): void {
    if (!line.startsWith("completion")) assert.doesNotThrow(() => void JSON.parse(text), text);
  }
});
