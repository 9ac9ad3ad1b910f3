// The language session over a real JSON-RPC connection, with a client that does what vscode-languageclient does.

import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import type { MessageConnection } from "vscode-jsonrpc/node";
import { createConnection, createProtocolConnection } from "vscode-languageserver";
import type { Connection } from "vscode-languageserver";
import { LanguageSession } from "../../../../daemon/mentions/language-features.ts";
import type { Contact } from "../../../../protocol/api/model.ts";

const alice: Contact = {
  ...{ conversation: "user:alice", name: "alice", presence: "available", blocked: false, muted: false, unread: 0 },
  lastWords: "hello",
};

interface Registration {
  readonly id: string;
  readonly method: string;
}

class Editor {
  readonly registered = new Map<string, string>();
  readonly client: MessageConnection;
  readonly #server: Connection;
  readonly #language: LanguageSession;
  readonly #checks: (() => void)[] = [];

  constructor() {
    const [near, far] = pair();
    this.#server = createConnection(
      (logger) => createProtocolConnection(new StreamMessageReader(far), new StreamMessageWriter(far), logger),
      { shutdownReceived: false, initialize: () => undefined, exit: () => undefined },
    );
    const nothing = (): void => undefined;
    this.#language = new LanguageSession(this.#server, {
      people: () => ({ connected: true, contacts: [alice] }),
      log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    });
    this.#server.onInitialize((params) => ({
      capabilities: this.#language.capabilities(params),
    }));
    this.#server.listen();
    this.client = createMessageConnection(new StreamMessageReader(near), new StreamMessageWriter(near));
    this.client.onRequest("client/registerCapability", ({ registrations }: { registrations: Registration[] }) => {
      for (const { id, method } of registrations) this.registered.set(id, method);
      this.#changed();
      return null;
    });
    this.client.onRequest(
      "client/unregisterCapability",
      ({ unregisterations }: { unregisterations: Registration[] }) => {
        for (const { id } of unregisterations) this.registered.delete(id);
        this.#changed();
        return null;
      },
    );
    this.client.listen();
  }

  async initialize(initializationOptions?: unknown): Promise<Record<string, unknown>> {
    const capabilities = { workspace: { didChangeConfiguration: { dynamicRegistration: true } } };
    const params = { processId: null, rootUri: null, capabilities, initializationOptions };
    const answer = await this.client.sendRequest<{ capabilities: Record<string, unknown> }>("initialize", params);
    await this.client.sendNotification("initialized", {});
    return answer.capabilities;
  }

  async wants(mentions: unknown, count: number): Promise<void> {
    await this.client.sendNotification("workspace/didChangeConfiguration", { settings: { chatRoom: { mentions } } });
    await this.registers(count);
  }

  /** Waits until so many things are registered. */
  async registers(count: number): Promise<void> {
    while (this.registered.size !== count) await new Promise<void>((resolve) => this.#checks.push(resolve));
  }

  async open(text: string, languageId = "markdown"): Promise<void> {
    const textDocument = { uri: "file:///a", languageId, version: 1, text };
    await this.client.sendNotification("textDocument/didOpen", { textDocument });
  }

  async ask<T>(what: "completion" | "hover", character: number, uri = "file:///a"): Promise<T | null> {
    const params = { textDocument: { uri }, position: { line: 0, character } };
    return this.client.sendRequest<T | null>(`textDocument/${what}`, params);
  }

  dispose(): void {
    this.#language.dispose();
    this.client.dispose();
    this.#server.dispose();
  }

  #changed(): void {
    for (const check of this.#checks.splice(0)) check();
  }
}

function pair(): [Duplex, Duplex] {
  const end = (other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        other().push(chunk);
        done();
      },
    });
  const near: Duplex = end(() => far);
  const far: Duplex = end(() => near);
  return [near, far];
}

interface List {
  readonly items: readonly { readonly label: string; readonly textEdit: unknown }[];
}

describe("mentions in documents", () => {
  let editor: Editor;
  beforeEach(() => (editor = new Editor()));
  afterEach(() => editor.dispose());

  it("are off: nothing is registered, no document is kept, nothing is answered", async () => {
    assert.deepEqual(await editor.initialize(), { textDocumentSync: 0 });
    await editor.registers(1);
    assert.deepEqual([...editor.registered.values()], ["workspace/didChangeConfiguration"]);
    await editor.open("@al");
    assert.deepEqual([await editor.ask("completion", 3), await editor.ask("hover", 1)], [null, null]);
  });

  it("are registered when the configuration asks for them, and taken back when it does not", async () => {
    await editor.initialize();
    await editor.wants(true, 6);
    assert.deepEqual([...editor.registered.values()].sort(), [
      ...["completion", "didChange", "didClose", "didOpen", "hover"].map((name) => `textDocument/${name}`),
      "workspace/didChangeConfiguration",
    ]);
    await editor.open("@al");
    assert.equal((await editor.ask<List>("completion", 3))?.items.length, 1);
    await editor.wants(undefined, 1);
    assert.equal(await editor.ask("completion", 3), null);
    await editor.wants(true, 6);
    assert.equal(await editor.ask("completion", 3), null, "the document was forgotten");
  });

  it("are there from the start for a client that asks for them with initialize", async () => {
    const capabilities = await editor.initialize({ mentions: true });
    assert.deepEqual(capabilities["completionProvider"], { triggerCharacters: ["@"] });
    assert.equal(capabilities["hoverProvider"], true);
    await editor.open("@al");
    assert.equal((await editor.ask<List>("completion", 3))?.items.length, 1);
  });

  it("offer a contact behind an @, in place of what was typed", async () => {
    await editor.initialize({ mentions: true });
    await editor.open("ask @al now");
    const list = await editor.ask<List>("completion", 7);
    assert.deepEqual(list?.items[0]?.textEdit, {
      range: { start: { line: 0, character: 5 }, end: { line: 0, character: 7 } },
      newText: "alice",
    });
    assert.equal(await editor.ask("completion", 2), null);
  });

  it("follow what is typed, in comments of code only", async () => {
    await editor.initialize({ mentions: true });
    await editor.open("const a = 1; ", "typescript");
    const type = (character: number, text: string, version: number): Promise<void> =>
      editor.client.sendNotification("textDocument/didChange", {
        textDocument: { uri: "file:///a", version },
        contentChanges: [{ range: { start: { line: 0, character }, end: { line: 0, character } }, text }],
      });
    await type(13, "@", 2);
    assert.equal(await editor.ask("completion", 14), null);
    await type(13, "// ", 3);
    assert.equal((await editor.ask<List>("completion", 17))?.items.length, 1);
  });

  it("say who a contact is, as plain text", async () => {
    await editor.initialize({ mentions: true });
    await editor.open("thanks, @Alice!");
    assert.deepEqual(await editor.ask("hover", 10), {
      contents: { kind: "plaintext", value: "alice: online\nLast words: hello" },
      range: { start: { line: 0, character: 8 }, end: { line: 0, character: 14 } },
    });
    assert.equal(await editor.ask("hover", 3), null);
  });

  it("are of each window: one does not see the documents of another", async () => {
    const other = new Editor();
    await editor.initialize({ mentions: true });
    await other.initialize({ mentions: true });
    await editor.open("@al");
    assert.equal(await other.ask("completion", 3), null, "the document is another window's");
    await other.open("@x");
    other.dispose();
    assert.equal((await editor.ask<List>("completion", 3))?.items.length, 1);
  });

  it("answer nothing to what makes no sense, and go on", async () => {
    await editor.initialize({ mentions: true });
    await editor.client.sendNotification("textDocument/didOpen", { textDocument: { uri: 7 } });
    await editor.client.sendNotification("textDocument/didChange", { textDocument: null, contentChanges: "x" });
    await editor.client.sendNotification("workspace/didChangeConfiguration", { settings: { chatRoom: 1 } });
    await editor.open("@al");
    for (const position of [{ line: -1, character: 0 }, { line: 0 }, "x", { line: 2.5, character: 1e99 }]) {
      const params = { textDocument: { uri: "file:///a" }, position };
      assert.equal(await editor.client.sendRequest("textDocument/completion", params), null);
    }
    assert.equal(await editor.ask("hover", 1, "file:///unknown"), null);
    assert.equal((await editor.ask<List>("completion", 3))?.items.length, 1);
    await editor.client.sendNotification("textDocument/didClose", { textDocument: { uri: "file:///a" } });
    assert.equal(await editor.ask("completion", 3), null);
  });
});
