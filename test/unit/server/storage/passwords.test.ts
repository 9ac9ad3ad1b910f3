import assert from "node:assert/strict";
import type { PasswordTurn } from "../../../../server/core/ports.ts";
import { createPasswords } from "../../../../server/storage/passwords.ts";

const turn: PasswordTurn = { kind: "new", group: "10.0.0.1" };

describe("passwords", () => {
  for (const [kind, argon2, form] of [
    ["Argon2id", true, /^\$argon2id\$v=19\$m=47104,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/],
    ["scrypt", false, /^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/],
  ] as const) {
    it(`are stored as a PHC string of ${kind}, each with its own salt`, async () => {
      const passwords = createPasswords({ argon2 });
      const [first, second] = [await passwords.hash("secret", turn), await passwords.hash("secret", turn)];
      assert.match(first ?? "", form);
      assert.notEqual(first, second);
      assert.equal(await passwords.check("secret", first, turn), "right");
      assert.equal(await passwords.check("Secret", first, turn), "wrong");
    });
  }

  it("are right however their characters were composed", async () => {
    const passwords = createPasswords();
    assert.equal(await passwords.check("e\u0301", await passwords.hash("\u00e9", turn), turn), "right");
  });

  it("of nobody are never right, and cost as much", async () => {
    const passwords = createPasswords();
    const stored = await passwords.hash("secret", turn);
    const time = async (phc: string | undefined) => {
      const start = performance.now();
      assert.equal(await passwords.check("x", phc, turn), "wrong");
      return performance.now() - start;
    };
    await time(stored);
    const [known, unknown] = [await time(stored), await time(undefined)];
    assert.ok(unknown > known / 4, `${unknown} ms against ${known} ms`);
  });

  it("stored by scrypt can be checked where there is Argon2 too, and a hash of Argon2 is not taken for wrong without it", async () => {
    const [modern, old] = [createPasswords(), createPasswords({ argon2: false })];
    assert.equal(await modern.check("secret", await old.hash("secret", turn), turn), "outdated");
    const stored = await modern.hash("secret", turn);
    await assert.rejects(old.check("secret", stored, turn), /Node.js 24.7 or newer/);
    await assert.rejects(modern.check("secret", "plain text", turn), /form/);
  });

  it("keep their cost with them, and are outdated once it was raised [P-8.7]", async () => {
    const cheap = createPasswords({ cost: { mebibytes: 8, passes: 1 } });
    const dear = createPasswords({ cost: { mebibytes: 8, passes: 2 } });
    const [low, high] = [await cheap.hash("secret", turn), await dear.hash("secret", turn)];
    assert.match(low ?? "", /^\$argon2id\$v=19\$m=8192,t=1,p=1\$/);
    assert.match(high ?? "", /^\$argon2id\$v=19\$m=8192,t=2,p=1\$/);
    assert.deepEqual(
      [await cheap.check("secret", low, turn), await cheap.check("secret", high, turn)],
      ["right", "right"],
    );
    assert.deepEqual([await dear.check("secret", low, turn), await dear.check("x", low, turn)], ["outdated", "wrong"]);
  });

  it("are computed two at a time, and no more than 64 wait [P-8.7]", async () => {
    const passwords = createPasswords();
    const results = await Promise.all(Array.from({ length: 68 }, () => passwords.hash("x", turn)));
    assert.equal(results.filter((result) => result === undefined).length, 2);
  }).timeout(30_000);
});
