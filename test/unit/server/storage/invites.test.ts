import assert from "node:assert/strict";
import { openDatabase } from "../../../../base/sqlite.ts";
import { Invites } from "../../../../server/storage/invites.ts";
import { migrations } from "../../../../server/storage/schema.ts";

describe("invitations", () => {
  const make = () => {
    const database = openDatabase(":memory:", migrations);
    return { database, invites: new Invites(database) };
  };

  it("are 128 random bits, of which the database has the hash alone", () => {
    const { database, invites } = make();
    const codes = new Set(Array.from({ length: 20 }, () => invites.create(1, undefined, 0)));
    assert.equal(codes.size, 20);
    const stored = JSON.stringify(database.prepare("SELECT * FROM invite").all());
    for (const code of codes) {
      assert.match(code, /^[0-9a-f]{32}$/);
      assert.ok(!stored.includes(code));
    }
  });

  it("are good until they are used up, expire or are revoked [P-4.10]", () => {
    const { invites } = make();
    const twice = invites.create(2, 1_000, 0);
    assert.deepEqual([invites.use(twice, 0), invites.use(twice, 999), invites.use(twice, 999)], [true, true, false]);
    const short = invites.create(2, 1_000, 0);
    assert.deepEqual([invites.isUsable(short, 999), invites.isUsable(short, 1_000)], [true, false]);
    assert.equal(invites.use(short, 1_000), false);
    const revoked = invites.create(2, undefined, 0);
    assert.equal(invites.isUsable(` ${revoked.toUpperCase()}\n`, 1e15), true);
    assert.deepEqual([invites.revoke(revoked), invites.revoke(revoked)], [true, false]);
    assert.equal(invites.isUsable(revoked, 0), false);
  });

  it("are listed by an id that can revoke them, and dropped once they have expired", () => {
    const { invites } = make();
    invites.use(invites.create(3, 1_000, 0), 0);
    invites.create(1, undefined, 1);
    const [first, second, ...rest] = [...invites.list()];
    assert.deepEqual(rest, []);
    assert.deepEqual([first?.uses, first?.used, first?.expiresMs], [3, 1, 1_000]);
    assert.match(first?.id ?? "", /^[0-9a-f]{8}$/);
    invites.expire(999);
    assert.equal([...invites.list()].length, 2);
    invites.expire(1_000);
    assert.deepEqual(
      [...invites.list()].map(({ id }) => id),
      [second?.id],
    );
    assert.equal(invites.revoke(second?.id ?? ""), true);
  });
});
