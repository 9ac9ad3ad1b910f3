import assert from "node:assert/strict";
import { messagesChanged } from "../../../../protocol/api/notifications.ts";
import { snapshot } from "../../../../protocol/api/session.ts";
import { MentionNames } from "../../../../extension/chat/mention-names.ts";
import { SessionStore } from "../../../../extension/daemon-client/session-store.ts";
import { connectedSession, DaemonStandIn, message, person, settled, noTimer, silentLog } from "../stand-ins.ts";
import { opened, token } from "./conversation-stand-in.ts";

async function roomOf(names: readonly string[]): Promise<SessionStore> {
  const daemon = new DaemonStandIn();
  const contacts = names.map((name, index) => person(name, { lastAtMs: index }));
  daemon.answer(snapshot, () => ({ ok: true, session: connectedSession, contacts }));
  const store = new SessionStore(daemon, silentLog, noTimer);
  await settled();
  return store;
}

const many = Array.from({ length: 5_000 }, (_, index) => `p${index}`);

describe("The names in a panel", () => {
  it("are those behind an @ in its messages, of however many contacts", async () => {
    const mentions = new MentionNames(await roomOf([...many, "dr.who"]));
    mentions.meet([message(1, { text: "ping @p4999. and @nobody, @P3 @dr.who.\n`@p7` me@p8" })]);
    assert.deepEqual(mentions.names(), { kind: "names", own: "bob", others: ["p4999", "p3", "dr.who", "p7"] });
    mentions.forget();
    assert.deepEqual(mentions.names(), { kind: "names", own: "bob", others: [] });
  });

  it("are offered by what they begin with, whoever was talked to last on top", async () => {
    const mentions = new MentionNames(await roomOf(many));
    const offered = (typed: string): readonly string[] => {
      const message = mentions.offer(typed);
      return message.kind === "offered" ? message.names : [];
    };
    assert.deepEqual(offered("P499"), ["p4999", "p4998", "p4997", "p4996", "p4995", "p4994", "p4993", "p4992"]);
    assert.deepEqual(offered("p12").slice(0, 2), ["p1299", "p1298"]);
    assert.deepEqual(offered("q"), []);
    assert.equal(offered("").length, 8);
  });

  it("are told before the messages that they are in, and again only where they change", async () => {
    const { conversation, daemon, posted, kinds, last } = await opened();
    await conversation.take({ kind: "ready", token, pending: [] });
    daemon.tell(messagesChanged, { messages: [message(4, { text: "@alice" })] });
    assert.deepEqual(last("names").others, ["alice"]);
    assert.ok(kinds().lastIndexOf("names") < kinds().lastIndexOf("changed"));
    const before = posted.length;
    daemon.tell(messagesChanged, { messages: [message(5, { text: "@alice and @bob again" })] });
    assert.deepEqual(kinds().slice(before), ["changed"]);
    await conversation.take({ kind: "whom", token, typed: "al" });
    assert.deepEqual(last("offered"), { kind: "offered", typed: "al", names: ["alice"] });
  });
});
