import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CancellationTokenSource, DataTransfer, DataTransferItem, Uri } from "vscode";
import { createDropController } from "../../extension/contacts/drop.ts";
import { ContactsProvider } from "../../extension/contacts/tree-provider.ts";
import type { ContactNode, TreeNode } from "../../extension/contacts/contact-tree.ts";
import { ConsentRequestStore } from "../../extension/daemon-client/consent-requests.ts";
import { SessionStore } from "../../extension/daemon-client/session-store.ts";
import { contactsChanged } from "../../protocol/api/notifications.ts";
import { snapshot } from "../../protocol/api/session.ts";
import { connectedSession, DaemonStandIn, everyone, person, silentLog, settled } from "../unit/extension/stand-ins.ts";

const many = 5_000;

describe("A tree of 5,000 contacts", () => {
  const daemon = new DaemonStandIn();
  let provider: ContactsProvider;

  before(async () => {
    const contacts = Array.from({ length: many }, (_, at) =>
      person(`person${at}`, { lastWords: "see you", lastAtMs: at, ...(at % 3 > 0 && { presence: "offline" }) }),
    );
    daemon.answer(snapshot, () => ({ ok: true, session: connectedSession, contacts: [everyone, ...contacts] }));
    provider = new ContactsProvider(new SessionStore(daemon, silentLog), new ConsentRequestStore(daemon));
    await settled();
  });
  after(() => provider.dispose());

  it("is handed over whole in a fraction of a second", () => {
    const startMs = performance.now();
    const rows = provider.getChildren().flatMap((node) => provider.getChildren(node));
    for (const row of rows) provider.getTreeItem(row);
    const tookMs = performance.now() - startMs;
    assert.equal(rows.length, many);
    assert.ok(tookMs < 500, `${tookMs} ms`);
  });

  it("redraws the one row that changed", () => {
    const drawn: unknown[] = [];
    const subscription = provider.onDidChangeTreeData((nodes) => drawn.push(nodes));
    const startMs = performance.now();
    for (let unread = 1; unread <= 100; unread += 1) {
      daemon.tell(contactsChanged, { changed: [person("person3", { unread })], removed: [] });
    }
    const tookMs = performance.now() - startMs;
    subscription.dispose();
    assert.equal(drawn.length, 100);
    const [node, ...others] = drawn.at(-1) as TreeNode[];
    assert.ok(node?.kind === "contact" && others.length === 0);
    assert.equal(node.contact.unread, 100);
    assert.ok(tookMs < 200, `${tookMs} ms for 100 changes`);
  });
});

describe("What is dropped on a contact", () => {
  const folder = mkdtempSync(join(tmpdir(), "cr-drop-"));
  const dropped: string[] = [];
  const controller = createDropController(({ name }, given) =>
    dropped.push(`${name}: ${given.ok ? given.text : given.reason}`),
  );
  const node: ContactNode = { kind: "contact", contact: person("alice") };
  const drop = async (type: string, value: string, target: TreeNode = node): Promise<string[]> => {
    dropped.length = 0;
    const transfer = new DataTransfer();
    transfer.set(type, new DataTransferItem(value));
    await controller.handleDrop?.(target, transfer, new CancellationTokenSource().token);
    return dropped;
  };
  after(() => rmSync(folder, { recursive: true }));

  it("is read where it is: files by their names, else the text", async () => {
    const file = join(folder, "größe.ts");
    writeFileSync(file, "let a = 1;\n");
    assert.deepEqual(await drop("text/uri-list", Uri.file(file).toString()), [
      "alice: `größe.ts`\n```ts\nlet a = 1;\n```\n",
    ]);
    assert.deepEqual(await drop("text/plain", "let b;"), ["alice: ```\nlet b;\n```\n"]);
  });

  it("is refused in words where it cannot be a message", async () => {
    writeFileSync(join(folder, "a.bin"), Buffer.from([1, 0, 2]));
    writeFileSync(join(folder, "long.txt"), "x".repeat(60_000));
    const uris = ["a.bin", "long.txt", "gone.txt", "."].map((name) => Uri.file(join(folder, name)).toString());
    const refused = await drop("text/uri-list", uris.join("\r\n"));
    assert.match(refused[0] ?? "", /a\.bin is not a text file/);
    assert.match(refused[1] ?? "", /long\.txt is larger than 48 KB/);
    assert.match(refused[2] ?? "", /gone\.txt cannot be read/);
    assert.match(refused[3] ?? "", /cannot be read/);
    assert.match((await drop("text/uri-list", Array(6).fill("file:///a").join("\n")))[0] ?? "", /at most 5 files/);
  });

  it("is left alone on a section", async () => {
    assert.deepEqual(await drop("text/plain", "x", { kind: "section", id: "online", contacts: [] }), []);
  });
});
