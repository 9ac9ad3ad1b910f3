import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Identity } from "../../../../daemon/identity/installation.ts";
import { accountKey, Preferences } from "../../../../daemon/identity/preferences.ts";
import type { Pin } from "../../../../protocol/pin.ts";

const ann = { user: "Ann", server: "127.0.0.1:1" };
const annElsewhere = { user: "Ann", server: "127.0.0.1:2" };
const bob = { user: "bob", server: "127.0.0.1:1" };

describe("the sessions of a home", () => {
  let home: string;
  let identity: Identity;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    identity = new Identity(home);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const known = (): [string, string | undefined][] => {
    return identity.sessions().map(({ account, token }) => [`${account.user}@${account.server}`, token]);
  };

  it("are one an account, the present one first, whatever the spelling [P-3.1]", () => {
    identity.keepSession({ account: ann, token: "a" });
    identity.keepSession({ account: bob, token: "b" });
    identity.keepSession({ account: annElsewhere, token: "c" });
    identity.keepSession({ account: { ...ann, user: "ANN" }, token: "d" });
    assert.deepEqual(known(), [
      ["ANN@127.0.0.1:1", "d"],
      ["Ann@127.0.0.1:2", "c"],
      ["bob@127.0.0.1:1", "b"],
    ]);
    assert.equal(identity.session()?.token, "d");
    assert.equal(statSync(join(home, "session.json")).mode & 0o777, 0o600);
  });

  it("end one by one: the others keep their tokens", () => {
    identity.keepSession({ account: ann, token: "a" });
    identity.keepSession({ account: bob, token: "b" });
    identity.endSession();
    assert.deepEqual(known(), [
      ["bob@127.0.0.1:1", undefined],
      ["Ann@127.0.0.1:1", "a"],
    ]);
  });

  it("are read from the file of a version that knew one account, and can be read by it", () => {
    const path = join(home, "session.json");
    writeFileSync(path, JSON.stringify({ account: ann, token: "a" }), { mode: 0o600 });
    assert.deepEqual(known(), [["Ann@127.0.0.1:1", "a"]]);
    identity.keepSession({ account: bob, token: "b" });
    const { account, token } = JSON.parse(readFileSync(path, "utf8")) as { account: unknown; token: unknown };
    assert.deepEqual([account, token], [bob, "b"]);
  });

  it("are none where the file is damaged, and the number that is kept is bounded", () => {
    const path = join(home, "session.json");
    for (const text of ["", "{", "[]", '{"account":7}', '{"account":{"user":"a","server":"s"},"others":7}']) {
      writeFileSync(path, text, { mode: 0o600 });
      assert.deepEqual(known(), [], text);
    }
    for (let index = 0; index < 40; index += 1) {
      identity.keepSession({ account: { user: `u${index}`, server: "s" }, token: "t" });
    }
    assert.deepEqual([identity.sessions().length, identity.session()?.account.user], [32, "u39"]);
  });
});

describe("the preferences of a person", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "home-"))));
  afterEach(() => rmSync(home, { recursive: true }));

  it("let others know at first, and are found again as they were set", () => {
    const first = new Preferences(home);
    assert.deepEqual([first.typing, first.readMarks, first.presenceOf("a")], [true, true, undefined]);
    first.change({ readMarks: false });
    first.setPresence("a", { state: "dnd", text: "thinking" });
    const again = new Preferences(home);
    assert.deepEqual(
      [again.typing, again.readMarks, again.presenceOf("a"), again.presenceOf("b")],
      [true, false, { state: "dnd", text: "thinking" }, undefined],
    );
  });

  it("are those of the account that is entered first, where there was one presence for all", () => {
    const presence = { state: "away", text: "lunch" } as const;
    const file = { typing: true, readMarks: true, presence };
    writeFileSync(join(home, "preferences.json"), JSON.stringify(file), { mode: 0o600 });
    new Preferences(home).settleFormer("a");
    const again = new Preferences(home);
    again.settleFormer("b");
    assert.deepEqual([again.presenceOf("a"), again.presenceOf("b")], [presence, undefined]);
  });

  it("name an account by the key of its server, else by the address", () => {
    const [here, there] = [
      { user: "Me", server: "localhost:1" },
      { user: "ME", server: "127.0.0.1:1" },
    ];
    const pin = "A".repeat(43) as Pin;
    assert.equal(accountKey(here, pin), accountKey(there, pin));
    assert.notEqual(accountKey(here, undefined), accountKey(there, undefined));
  });

  it("stay as they are where they cannot be stored", () => {
    const preferences = new Preferences(home);
    mkdirSync(join(home, "preferences.json"));
    assert.throws(() => preferences.change({ typing: false }));
    assert.equal(preferences.typing, true);
  });
});
