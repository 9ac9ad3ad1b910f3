import assert from "node:assert/strict";
import type { PasswordTurn } from "../../../../server/core/ports.ts";
import { createPasswords, turnLimits } from "../../../../server/storage/passwords.ts";
import { KeyRecorder } from "../key-recorder.ts";

const turn: PasswordTurn = { kind: "known", group: "203.0.113.7" };

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

  it("of nobody are never right, and cost what a new one does", async () => {
    for (const argon2 of [true, false]) {
      const keys = new KeyRecorder();
      const passwords = createPasswords({ argon2, keys, cost: { mebibytes: 8, passes: 3 } });
      await passwords.hash("secret", turn);
      assert.equal(await passwords.check("x", undefined, turn), "wrong");
      assert.equal(keys.costs[1], keys.costs[0]);
    }
  });

  it("are checked at the cost that they were stored with, by the same function whether right or wrong [P-8.7]", async () => {
    const keys = new KeyRecorder();
    const dear = createPasswords({ keys, cost: { mebibytes: 128, passes: 2 } });
    const stored = {
      cheap: await createPasswords({ keys, cost: { mebibytes: 19, passes: 2 } }).hash("secret", turn),
      old: await createPasswords({ keys, argon2: false }).hash("secret", turn),
      dear: await dear.hash("secret", turn),
    };
    for (const [at, phc] of Object.values(stored).entries()) {
      for (const password of ["secret", "wrong"]) {
        await dear.check(password, phc, turn);
        assert.equal(keys.costs.at(-1), keys.costs[at]);
      }
    }
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

  it("are computed two at a time, and whoever comes when too many wait is told so [P-8.7]", async () => {
    const keys = new KeyRecorder();
    const passwords = createPasswords({ keys });
    const most = turnLimits.running + turnLimits.waitingOfGroup.known;
    const checks = Array.from({ length: most + 9 }, () => passwords.check("x", undefined, turn));
    const hashes = Array.from({ length: 200 }, () => passwords.hash("x", { kind: "new", group: "203.0.113.7" }));
    const verdicts = await Promise.all(checks);
    assert.deepEqual([verdicts.filter((each) => each === "busy").length, keys.mostAtOnce], [9, turnLimits.running]);
    const refused = (await Promise.all(hashes)).filter((hash) => hash === undefined).length;
    assert.equal(refused, 200 - turnLimits.waitingOfGroup.new);
  });

  it("of those who left while they waited cost nothing [P-8.7]", async () => {
    const keys = new KeyRecorder();
    const passwords = createPasswords({ keys });
    const leaving = Array.from({ length: 20 }, () => passwords.check("x", undefined, { ...turn, gone: () => true }));
    const verdicts = await Promise.all(leaving);
    assert.deepEqual([keys.costs.length, verdicts.filter((each) => each === "busy").length], [2, 18]);
  });
});
