import assert from "node:assert/strict";
import { createLog } from "../../../../base/log.ts";
import { openDatabase } from "../../../../base/sqlite.ts";
import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { ContactSync } from "../../../../daemon/contacts/contact-sync.ts";
import { Engine } from "../../../../daemon/engine/engine.ts";
import type { EffectHandlers } from "../../../../daemon/engine/engine.ts";
import type { ServerLink } from "../../../../daemon/connection/server-link.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

/**
 * A link whose answers are handed out one after the other, the last one again and again; after each `behind` happens,
 * before whoever awaits it goes on.
 */
function answering(values: object | readonly object[], behind: (answers: number) => void): ServerLink {
  const left = [values].flat();
  let answers = 0;
  const request = async (_declared: unknown, _params: unknown, onAnswer: (read: object) => void): Promise<object> => {
    const answer = { ok: true, value: left.length > 1 ? left.shift() : left[0] };
    onAnswer(answer);
    behind((answers += 1));
    return Promise.resolve(answer);
  };
  return { request } as unknown as ServerLink;
}

describe("what the server pushes", () => {
  let engine: Engine;
  let people: ContactSync;
  let link: ServerLink | undefined;
  let typing: string[];
  let requests: string[];

  beforeEach(() => {
    const clock = new FakeClock();
    const log = createLog("error", clock, () => undefined);
    const kinds = ["transmit", "signalRead", "lookUp", "sessionChanged", "contactsChanged", "messagesChanged", "tell"];
    const performers = Object.fromEntries(kinds.map((kind) => [kind, () => undefined])) as unknown as EffectHandlers;
    engine = new Engine({
      clock,
      random: () => 0,
      log,
      performers,
      onStepFailure: (error) => assert.fail(String(error)),
    });
    const account = { user: "Me", server: "s:1" };
    engine.open(account, new History(openDatabase(":memory:", historyMigrations), keyOfName("Me")));
    engine.execute({ kind: "session", session: { state: "connected", account } });
    link = undefined;
    typing = [];
    requests = [];
    people = new ContactSync({
      engine,
      clock,
      log,
      link: () => link,
      onRequest: (asked) => requests.push(asked.type),
      onTyping: (from) => typing.push(from),
    });
  });
  afterEach(() => engine.closeHistory());

  /** @returns "ok", or the code of the refusal; undefined while it waits for the disk */
  const push = (type: string, body: JsonObject, flush = true): string | undefined => {
    let answer: string | undefined;
    const accept = (): string => (answer = "ok");
    people.pushed({ type, body: { type, ...body }, accept, refuse: ({ code }) => (answer = code) });
    if (flush) engine.flush();
    return answer;
  };
  const contact = (name: string) => engine.state.contacts.get(`user:${name}`);

  it("has the block list in pages, which know nothing of a block since [P-4.12]", async () => {
    const pages = [{ users: ["ann", "bob"], next: "bob" }, {}, {}, { users: ["dan", "eve"] }, { users: [] }];
    link = answering(pages, (answers) => {
      if (answers !== 1) return;
      void people.setBlocked("carl", true);
      void people.setBlocked("ann", false);
    });
    await people.refresh(link);
    engine.flush();
    const blocked = [...engine.state.contacts.values()].filter((each) => each.blocked).map(({ name }) => name);
    assert.deepEqual(blocked.sort(), ["bob", "carl", "dan", "eve"]);
  });

  it("is not asked about a name that nobody can have, nor told to block oneself [P-3.1]", async () => {
    link = answering({ users: [] }, () => assert.fail("it was asked"));
    for (const name of ["", "a b", "x".repeat(300)]) {
      const found = await people.find(name);
      assert.equal(!found.ok && found.code, "bad_name");
      const blocked = await people.setBlocked(name, true);
      assert.equal(!blocked.ok && blocked.code, "bad_name");
    }
    const own = await people.setBlocked("ME", true);
    assert.ok(!own.ok && own.reason.startsWith("That is you."));
  });

  it("in a name that nobody can have is refused, and such a name is no contact [P-3.1]", () => {
    // One character that becomes eighteen in the key.
    const endless = "\ufdfa".repeat(200);
    assert.equal(push("message", { from: endless, msg: "hi", mid: "e1" }), "bad_request");
    assert.equal(push("presence", { from: "a b", state: "away" }), "bad_request");
    engine.execute({ kind: "people", people: [{ name: endless, state: "available" }] });
    engine.execute({ kind: "blockList", names: [endless, "bob"] });
    assert.deepEqual([...engine.state.contacts.keys()], ["everyone", "user:bob"]);
  });

  it("as a message is answered when it is on disk, not before [P-5.1]", () => {
    assert.equal(push("message", { from: "bob", msg: "hi", mid: "b1" }, false), undefined);
    engine.flush();
    assert.equal(push("message", { from: "bob", msg: "hi", mid: "b1" }), "ok");
    assert.equal(contact("bob")?.unread, 1);
  });

  it("as a message of a server that gives no id is given one [P-5.4]", () => {
    assert.equal(push("message", { from: "bob", to: "Me", msg: "hi" }), "ok");
    assert.equal(push("message", { from: "bob", to: "Me", msg: "hi" }), "ok");
    assert.equal(contact("bob")?.unread, 2);
  });

  it("as presence or offline changes the contact [P-6.2] [P-6.5]", () => {
    assert.equal(push("presence", { from: "bob", state: "away", text: "lunch" }), "ok");
    assert.deepEqual([contact("bob")?.presence, contact("bob")?.presenceText], ["away", "lunch"]);
    assert.equal(push("offline", { from: "Bob" }), "ok");
    assert.deepEqual([contact("bob")?.presence, contact("bob")?.presenceText], ["offline", undefined]);
  });

  it("counts more than an answer that was read just before it, though that is awaited [P-6.2]", async () => {
    const value = { users: [{ name: "bob", state: "available" }] };
    link = answering(value, () => push("offline", { from: "bob" }));
    await people.turnedUp("bob");
    engine.flush();
    assert.equal(contact("bob")?.presence, "offline");
  });

  it("counts more than a directory in which somebody is missing who turned up behind its last page [P-4.11]", async () => {
    push("message", { from: "bob", msg: "hi", mid: "b1" });
    link = answering({ users: [] }, () => push("presence", { from: "bob", state: "available" }));
    await people.refresh(link);
    engine.flush();
    assert.equal(contact("bob")?.presence, "available");
  });

  it("counts more than a directory in which somebody is missing who turned up between its pages [P-4.11]", async () => {
    push("message", { from: "bob", msg: "hi", mid: "b1" });
    push("message", { from: "dan", msg: "hi", mid: "d1" });
    const carol = { name: "carol", state: "available" };
    const pages = [{ users: [] }, { users: [carol], next: "carol" }, { users: [] }];
    link = answering(pages, (answers) => {
      if (answers === 2) push("presence", { from: "bob", state: "away" });
    });
    await people.refresh(link);
    engine.flush();
    const seen = ["bob", "carol", "dan"].map((name) => contact(name)?.presence);
    assert.deepEqual(seen, ["away", "available", "offline"]);
    assert.deepEqual([contact("bob")?.listed, contact("dan")?.listed], [true, false]);
  });

  it("as a signal makes messages read, and says who is typing [P-6.6]", () => {
    engine.execute({ kind: "send", conversation: "user:bob", text: "hi", mid: "m1" });
    assert.equal(push("signal", { from: "bob", kind: "typing" }), "ok");
    assert.deepEqual(typing, ["bob"]);
    assert.equal(push("signal", { from: "bob", kind: "read", upto: "m1" }), "ok");
    assert.equal(engine.history?.message("user:bob", 1)?.state, "read");
  });

  it("as a request for direct talk is handed on, and answered later [P-6.3]", () => {
    assert.equal(push("request", { from: "bob" }), undefined);
    assert.deepEqual(requests, ["request"]);
  });

  it("in the wrong shape, or of an unknown type, is refused and nothing else happens [P-2.3]", () => {
    assert.equal(push("message", { from: "bob", msg: 7 }), "bad_request");
    assert.equal(push("presence", { from: "bob", state: 7 }), "bad_request");
    assert.equal(push("dance", {}), "unknown_type");
    assert.equal(contact("bob"), undefined);
  });
});
