import assert from "node:assert/strict";
import { createPasswords } from "../../../../server/storage/passwords.ts";

describe("passwords", () => {
  for (const [kind, argon2, form] of [
    ["Argon2id", true, /^\$argon2id\$v=19\$m=47104,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/],
    ["scrypt", false, /^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/],
  ] as const) {
    it(`are stored as a PHC string of ${kind}, each with its own salt`, async () => {
      const passwords = createPasswords({ argon2 });
      const [first, second] = [await passwords.hash("secret"), await passwords.hash("secret")];
      assert.match(first ?? "", form);
      assert.notEqual(first, second);
      assert.equal(await passwords.check("secret", first), "right");
      assert.equal(await passwords.check("Secret", first), "wrong");
    });
  }

  it("are right however their characters were composed", async () => {
    const passwords = createPasswords();
    assert.equal(await passwords.check("e\u0301", await passwords.hash("\u00e9")), "right");
  });

  it("of nobody are never right, and cost as much", async () => {
    const passwords = createPasswords();
    const stored = await passwords.hash("secret");
    const time = async (phc: string | undefined) => {
      const start = performance.now();
      assert.equal(await passwords.check("x", phc), "wrong");
      return performance.now() - start;
    };
    await time(stored);
    const [known, unknown] = [await time(stored), await time(undefined)];
    assert.ok(unknown > known / 4, `${unknown} ms against ${known} ms`);
  });

  it("stored by scrypt can be checked where there is Argon2 too, and a hash of Argon2 is not taken for wrong without it", async () => {
    const [modern, old] = [createPasswords(), createPasswords({ argon2: false })];
    assert.equal(await modern.check("secret", await old.hash("secret")), "outdated");
    const stored = await modern.hash("secret");
    await assert.rejects(old.check("secret", stored), /Node.js 24.7 or newer/);
    await assert.rejects(modern.check("secret", "plain text"), /form/);
  });

  it("keep their cost with them, and are outdated once it was raised [P-8.7]", async () => {
    const cheap = createPasswords({ cost: { mebibytes: 8, passes: 1 } });
    const dear = createPasswords({ cost: { mebibytes: 8, passes: 2 } });
    const [low, high] = [await cheap.hash("secret"), await dear.hash("secret")];
    assert.match(low ?? "", /^\$argon2id\$v=19\$m=8192,t=1,p=1\$/);
    assert.match(high ?? "", /^\$argon2id\$v=19\$m=8192,t=2,p=1\$/);
    assert.deepEqual([await cheap.check("secret", low), await cheap.check("secret", high)], ["right", "right"]);
    assert.deepEqual([await dear.check("secret", low), await dear.check("x", low)], ["outdated", "wrong"]);
  });

  it("are computed two at a time, and no more than 64 wait [P-8.7]", async () => {
    const passwords = createPasswords();
    const results = await Promise.all(Array.from({ length: 68 }, () => passwords.hash("x")));
    assert.equal(results.filter((result) => result === undefined).length, 2);
  }).timeout(30_000);
});
