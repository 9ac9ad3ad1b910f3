import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { commands, CompletionItemKind, ConfigurationTarget, MarkdownString, Position, window, workspace } from "vscode";
import type { CompletionItem, CompletionList, Hover, TextDocument } from "vscode";
import type { TestApi } from "../../extension/ui/test-api.ts";
import { activated, PromptScript, Peer, run, startServer, until, untilSession } from "./world.ts";
import type { Server } from "./world.ts";

const hostileWords = "[x](command:workbench.action.quit) <b>bold</b> $(bug) `code`";

describe("Mentions in documents", () => {
  let api: TestApi;
  let server: Server;
  let alice: Peer;

  const ask = (wanted: boolean): Thenable<void> =>
    workspace.getConfiguration("chatRoom").update("mentions", wanted, ConfigurationTarget.Global);

  const open = async (language: string, content: string): Promise<TextDocument> => {
    const document = await workspace.openTextDocument({ language, content });
    await window.showTextDocument(document);
    return document;
  };

  /** The people among the completions at the end of the document. */
  const offered = async (document: TextDocument): Promise<CompletionItem[]> => {
    const end = document.lineAt(document.lineCount - 1).range.end;
    const list = await commands.executeCommand<CompletionList | undefined>(
      "vscode.executeCompletionItemProvider",
      ...[document.uri, end, "@"],
    );
    return (list?.items ?? []).filter(({ kind }) => kind === CompletionItemKind.User);
  };

  const untilOffered = async (document: TextDocument, count: number): Promise<CompletionItem[]> => {
    const endMs = performance.now() + 20_000;
    for (;;) {
      const items = await offered(document);
      if (items.length === count) return items;
      assert.ok(performance.now() < endMs, `${items.length} people were offered, not ${count}`);
      await wait(50);
    }
  };

  const hovers = async (document: TextDocument, position: Position): Promise<MarkdownString[]> => {
    const found = await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", document.uri, position);
    return found.flatMap(({ contents }) => contents).filter((content) => content instanceof MarkdownString);
  };

  before(async () => {
    api = await activated();
    server = await startServer();
    alice = await Peer.join(server, "alice");
    api.standIn(new PromptScript());
    await run("chatRoom.register", { server: server.address, user: "bob", password: "correct horse" });
    await untilSession(api, "connected");
    await until("alice to be known", () => api.store.contactNamed("alice"));
    await alice.ask({ type: "message", from: "alice", to: "bob", msg: hostileWords });
    await until("her words", () => api.store.contactNamed("alice")?.lastWords === hostileWords);
  });
  after(async () => {
    await ask(false);
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await run("chatRoom.signOut", { confirmed: true });
    alice.dispose();
    await server.dispose();
    api.standIn(undefined);
  });

  it("offers nothing and says nothing before the person asked for it", async () => {
    const document = await open("markdown", "thanks @alice");
    assert.deepEqual(await offered(document), []);
    assert.deepEqual(await hovers(document, new Position(0, 9)), []);
  });

  it("offers contacts in prose and in comments, and not in code", async () => {
    await ask(true);
    const items = await untilOffered(await open("markdown", "thanks @al"), 1);
    assert.deepEqual([items[0]?.label, items[0]?.detail], ["alice", "online"]);
    await untilOffered(await open("typescript", "const a = 1; // ask @"), 1);
    assert.deepEqual(await offered(await open("typescript", "@")), []);
  });

  it("says who a mentioned person is, as text that runs and loads nothing", async () => {
    const document = await open("markdown", "thanks @alice");
    await untilOffered(document, 1);
    const [said, ...more] = await hovers(document, new Position(0, 9));
    assert.deepEqual(more, []);
    assert.ok(said);
    assert.ok(said.value.startsWith("alice:&nbsp;online\n"), said.value);
    assert.ok(said.value.includes(String.raw`\[x\]\(command`), said.value);
    assert.ok(said.value.includes("\\`code\\`"), said.value);
    assert.deepEqual([said.isTrusted ?? false, said.supportHtml ?? false], [false, false]);
    assert.notEqual(said.supportThemeIcons, true);
  });

  it("leaves documents of more than a million characters alone", async () => {
    const document = await open("plaintext", `${"x".repeat(1_048_577)}\n@al`);
    assert.deepEqual(await offered(document), []);
  });

  it("offers nothing any more when the person has switched it off", async () => {
    const document = await open("markdown", "thanks @al");
    await untilOffered(document, 1);
    await ask(false);
    await untilOffered(document, 0);
  });
});
