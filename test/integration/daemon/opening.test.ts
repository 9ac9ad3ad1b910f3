// A history that takes long to open: one of an older version, on which somebody else has a hand.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { openDatabase } from "../../../base/sqlite.ts";
import { historyMigrations } from "../../../daemon/history/schema.ts";
import { send } from "../../../protocol/conversations/kinds/text.ts";
import { search } from "../../../protocol/api/conversation.ts";
import { DaemonProcess, makeHome } from "../../support/daemon-process.ts";

/** More than is brought forward at once. */
const messages = 20_000;

describe("a daemon whose history takes long to open", function () {
  this.timeout(60_000);
  after(() => DaemonProcess.disposeAll());

  it("serves its views meanwhile, says so, and answers what they asked when it is open", async () => {
    const home = makeHome();
    const account = { user: "me", server: "127.0.0.1:1" };
    const hash = createHash("sha256").update(`${account.server}\nme`).digest("hex").slice(0, 12);
    const folder = join(home, "accounts", `me-${hash}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(home, "session.json"), JSON.stringify({ account, token: "token" }), { mode: 0o600 });
    const path = join(folder, "history.db");
    const database = openDatabase(path, historyMigrations.slice(0, 2));
    database.exec("BEGIN; INSERT INTO conversation VALUES ('user:bob', 'bob', 0, 0, 0, 0)");
    const add = database.prepare(
      `INSERT INTO message (conversation, seq, sender, mid, author, own, text, sent_at_ms, state)
        VALUES ('user:bob', ?, 'bob', ?, 'bob', 0, ?, 1, 'received')`,
    );
    for (let seq = 1; seq <= messages; seq += 1) add.run(seq, `m${seq}`, `old text ${seq} ${"x".repeat(200)}`);
    database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE); BEGIN IMMEDIATE");

    const daemon = await DaemonProcess.start({ home });
    const view = await daemon.view();
    assert.deepEqual(view.session, { state: "connecting", account, opening: true });
    assert.equal(view.contacts.size, 0);
    const refused = await view.client.request(send, { conversation: "user:bob", text: "hi" });
    assert.match(refused.ok ? "" : `${refused.code} ${refused.reason}`, /^busy Your messages are still being read/);
    const page = view.history("user:bob");
    const found = view.client.request(search, { text: "text 19999" });
    database.exec("ROLLBACK");
    database.close();

    assert.equal((await page).at(-1)?.text.slice(0, 14), "old text 20000");
    const hits = await found;
    assert.equal(hits.ok && hits.hits.length, 1);
    await view.until("the contact", () => view.contacts.get("user:bob")?.unread === messages);
    await view.until("another state", () => view.session.state !== "connecting" || view.session.opening !== true);
    await daemon.stop();
  });
});
