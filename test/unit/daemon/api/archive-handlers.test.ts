// What a view gets that takes a history out, part by part.

import assert from "node:assert/strict";
import { createArchiveHandlers } from "../../../../daemon/api/archive-handlers.ts";
import type { ArchiveDeps } from "../../../../daemon/api/archive-handlers.ts";
import type { ExportParams } from "../../../../daemon/history/import/export.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("an export", () => {
  it("is of one account, whoever is signed in when its next part is asked for", async () => {
    let path = "/one/history.db";
    const asked: (string | undefined)[] = [];
    const reader = {
      export: ({ after }: ExportParams) => {
        asked.push(after);
        return Promise.resolve({ ok: true, lines: [], next: "messages:1:1:0" });
      },
    };
    const service = createArchiveHandlers({
      engine: { state: { me: { account: { user: "me", server: "s:1" } } }, flush: () => undefined },
      account: { opened: () => Promise.resolve({ file: { path } }) },
      care: { reader },
      clock: new FakeClock(),
      keyOf: () => undefined,
    } as unknown as ArchiveDeps);
    const context = undefined as never;
    const first = await service.exportHistory({}, context);
    assert.ok(first.ok);
    assert.ok(first.next !== undefined && first.next.length <= 128);
    await service.exportHistory({ after: first.next }, context);
    assert.deepEqual(asked, [undefined, "messages:1:1:0"]);
    path = "/another/history.db";
    const refused = await service.exportHistory({ after: first.next }, context);
    assert.ok(!refused.ok);
    assert.match(refused.reason, /Another account was signed in/);
    assert.equal(asked.length, 2);
  });
});
