import assert from "node:assert/strict";
import { Door } from "./door.ts";

const home = { address: "198.51.100.1" };
const stranger = { address: "203.0.113.7" };

describe("signing in with a password", () => {
  let connector: Door;
  beforeEach(async () => {
    connector = new Door();
    await connector.join("alice", "right");
    connector.keys.costs.length = 0;
  });

  const codeOf = async (caller: { address: string }, username: string, password: string): Promise<unknown> => {
    const answer = await connector.auth({ ...caller }, { username, password });
    return answer["code"] ?? "ok";
  };

  /** The function that was called for a wrong password, and at which cost. */
  const costOf = async (caller: { address: string }, username: string): Promise<string> => {
    connector.keys.costs.length = 0;
    assert.equal(await codeOf(caller, username, "wrong"), "bad_credentials");
    assert.equal(connector.keys.costs.length, 1);
    return connector.keys.costs[0] ?? "";
  };

  it("says when to try again once it is throttled, and is looked at by nobody until then [P-2.4, P-8.8]", async () => {
    for (let guess = 0; guess < 3; guess += 1) await codeOf(stranger, "alice", "wrong");
    const { code, retryAfterS } = await connector.auth({ ...stranger }, { username: "ALICE", password: "right" });
    assert.deepEqual([code, retryAfterS, connector.keys.costs.length], ["throttled", 1, 3]);
    assert.equal(await codeOf(home, "alice", "right"), "ok");
  });

  it("is checked three times when it is tried 66 times at once [P-8.8]", async () => {
    const codes = await Promise.all(
      Array.from({ length: 66 }, (_, guess) => codeOf(stranger, "alice", `guess ${guess}`)),
    );
    assert.deepEqual(
      [codes.filter((code) => code === "bad_credentials").length, codes.filter((code) => code === "throttled").length],
      [3, 63],
    );
    assert.equal(connector.keys.costs.length, 3);
  });

  it("is right as often as it is right, also when it is tried 50 times at once [P-8.8]", async () => {
    for (const caller of [stranger, { ...home, peerKey: "laptop" }]) {
      const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(caller, "alice", "right")));
      assert.deepEqual(
        codes.filter((code) => code !== "ok"),
        [],
      );
    }
  });

  it("is refused where right ones and wrong ones come at once, but for three wrong ones after a right one [P-8.8]", async () => {
    const tries = Array.from({ length: 60 }, (_, at) => codeOf(stranger, "alice", at === 2 ? "right" : "wrong"));
    const codes = await Promise.all(tries);
    assert.equal(codes[2], "ok");
    assert.equal(codes.filter((code) => code === "bad_credentials").length, 5);
  });

  it("costs for a name that nobody has what it costs for somebody, the same each time [P-8.7]", async () => {
    await connector.join("bob", "right", 128);
    const people = new Set<string>();
    for (const name of ["alice", "bob"]) people.add(await costOf(home, name));
    const nobody = new Set<string>();
    for (const name of ["a", "ab", "abc", "Ａbcd", "ABCDE"]) {
      const cost = await costOf(home, name);
      nobody.add(cost);
      for (const caller of [home, stranger]) assert.equal(await costOf(caller, name.toUpperCase()), cost, name);
    }
    assert.deepEqual([...nobody].sort(), [...people].sort());
    assert.equal(people.size, 2);
  });

  it("is never right for a name that nobody has, not even with the password that it is compared with [P-4.1]", async () => {
    for (const name of ["b", "bo", "bob"]) assert.equal(await codeOf(stranger, name, "right"), "bad_credentials");
    assert.equal(connector.grants.size, 0);
  });

  it("costs as much as ever once the account is removed, and with no account at all [P-8.7]", async () => {
    await codeOf(stranger, "alice", "wrong");
    connector.accounts.clear();
    await codeOf(stranger, "alice", "right");
    assert.deepEqual([connector.keys.costs.length, new Set(connector.keys.costs).size], [2, 1]);
  });

  it("is refused alike when the account is removed while it is checked [P-4.1]", async () => {
    const answer = connector.auth({ ...home }, { username: "alice", password: "right" });
    connector.accounts.clear();
    assert.equal((await answer)["code"], "bad_credentials");
  });

  it("waits in one line for strangers, whether or not the name is somebody's, and before them for people at home [P-8.7]", async () => {
    await codeOf(stranger, "alice", "wrong");
    await codeOf(stranger, "nobody", "wrong");
    await codeOf(home, "alice", "right");
    await codeOf(home, "alice", "wrong");
    assert.deepEqual(
      connector.turns.map(({ kind, group }) => [kind, group]),
      [
        ["unknown", stranger.address],
        ["unknown", stranger.address],
        ["unknown", home.address],
        ["known", home.address],
      ],
    );
  });

  it("remembers a device that proved its key over TLS, and lets it pass by the lock [P-8.8]", async () => {
    const laptop = { ...home, peerKey: "laptop" };
    await connector.auth(laptop, { username: "alice", password: "right" });
    assert.deepEqual([...connector.devices], ["1 laptop"]);
    for (let guess = 0; guess < 9; guess += 1) await codeOf(stranger, "alice", "wrong");
    assert.equal(await codeOf(stranger, "alice", "right"), "throttled");
    assert.equal(await codeOf({ ...stranger, ...{ peerKey: "laptop" } }, "alice", "right"), "ok");
    assert.equal(await codeOf({ ...stranger, ...{ peerKey: "other" } }, "alice", "right"), "throttled");
  });

  it("makes the place of a token known, and its device [P-8.8]", async () => {
    await connector.auth({ ...home }, { username: "alice", password: "right" });
    await connector.auth({ ...stranger, peerKey: "phone" }, { token: "1" });
    assert.deepEqual([...connector.devices], ["1 phone"]);
    await codeOf(stranger, "alice", "wrong");
    assert.equal(connector.turns.at(-1)?.kind, "known");
  });

  it("is not worked on for a client that left while it waited, and does not count [P-8.7, P-8.8]", async () => {
    const waiting = Array.from({ length: 20 }, () => ({ ...stranger, gone: false }));
    const names = waiting.map((_, index) => `n${index}`);
    const answers = waiting.map((caller, index) => connector.auth(caller, { username: names[index], password: "x" }));
    for (const caller of waiting) caller.gone = true;
    await Promise.all(answers);
    assert.equal(connector.keys.costs.length, 2);
    for (let guess = 0; guess < 3; guess += 1) assert.equal(await codeOf(stranger, "n19", "x"), "bad_credentials");
  });

  it("says in the grant how the session was opened [P-6]", async () => {
    const grantOf = async (caller: object, added: object): Promise<unknown> => {
      await connector.auth({ ...home, ...caller }, { username: "alice", password: "right", ...added });
      const { plain, outcomes, acks } = connector.grants.get(1) ?? {};
      return { plain, outcomes, acks };
    };
    const none = { outcomes: false, acks: false };
    assert.deepEqual(await grantOf({ secure: false }, {}), { plain: true, ...none });
    assert.deepEqual(await grantOf({ secure: true }, { acks: true }), { plain: false, outcomes: false, acks: true });
    assert.deepEqual(await grantOf({ secure: false, peerKey: "k" }, {}), { plain: false, ...none });
    assert.deepEqual(await grantOf({}, { outcomes: true }), { plain: false, outcomes: true, acks: false });
    assert.deepEqual([...connector.devices], [], "only a key that was proved over TLS is remembered");
  });

  it("is refused for a wrong token as for a wrong password [P-4.1]", async () => {
    assert.equal((await connector.auth({ ...home }, { token: "wrong" }))["code"], "bad_credentials");
    assert.equal((await connector.auth({ ...home }, { username: "alice" }))["code"], "bad_request");
    await connector.join("bob", "right");
    await connector.auth({ ...home }, { username: "alice", password: "right" });
    for (const [username, code] of [
      ["ALICE", undefined],
      ["bob", "bad_credentials"],
      ["nobody", "bad_credentials"],
    ] as const) {
      assert.equal((await connector.auth({ ...home }, { username, token: "1" }))["code"], code, username);
    }
  });
});
