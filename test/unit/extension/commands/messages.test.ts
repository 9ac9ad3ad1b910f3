import assert from "node:assert/strict";
import type { AppContext } from "../../../../extension/commands/app-context.ts";
import { runStartServer } from "../../../../extension/commands/this-machine.ts";
import { runBlock, runUnblock } from "../../../../extension/commands/people.ts";
import { runSendToSelected } from "../../../../extension/commands/send-message.ts";
import {
  runBroadcast,
  runOpenChat,
  runReply,
  runSendMessage,
  runShowOnline,
} from "../../../../extension/commands/messages.ts";
import { iconOf } from "../../../../extension/contacts/icons.ts";
import { blockUser, onlineUsers, signIn, startServer, unblockUser } from "../../../../protocol/api/session.ts";
import { send } from "../../../../protocol/conversations/kinds/text.ts";
import { contactsChanged, sessionChanged } from "../../../../protocol/api/notifications.ts";
import { failure } from "../../../../protocol/errors.ts";
import { connectedSession, erin, message, person, settled } from "../stand-ins.ts";
import type { DaemonStandIn } from "../stand-ins.ts";
import { withApp, rightPin } from "./app-stand-in.ts";

type Sent = Readonly<Record<string, unknown>> & { readonly mid: string };

const midsOf = (daemon: DaemonStandIn): string[] => (daemon.askedFor(send.method) as Sent[]).map(({ mid }) => mid);

/** What was sent, without the ids, which are new each time. */
function sentBy(daemon: DaemonStandIn): unknown[] {
  return (daemon.askedFor(send.method) as Sent[]).map(({ mid, ...rest }) => {
    assert.match(mid, /^[0-9a-f-]{36}$/);
    return rest;
  });
}

describe("Open Chat", () => {
  it("takes a name, an object with a name, and a row of the tree", async () => {
    const { app: app, opened } = await withApp();
    await runOpenChat(app, "ALICE");
    await runOpenChat(app, { name: "alice" });
    await runOpenChat(app, { kind: "contact", contact: person("alice") });
    await runOpenChat(app, "Zoe");
    await runOpenChat(app, "everyone");
    assert.deepEqual(opened, [
      ["user:alice", "alice"],
      ["user:alice", "alice"],
      ["user:alice", "alice"],
      ["user:zoe", "zoe"],
      ["everyone", ""],
    ]);
  });

  it("offers the contacts and takes a typed name", async () => {
    const { app: app, opened, prompter } = await withApp();
    prompter.pick = "Everyone";
    assert.equal(await runOpenChat(app), true);
    prompter.pick = "Zoe";
    assert.equal(await runOpenChat(app), true);
    assert.deepEqual(
      opened.map(([id]) => id),
      ["everyone", "user:zoe"],
    );
  });

  it("says that there is nobody of that name", async () => {
    const { app: app, opened, prompter } = await withApp();
    assert.equal(await runOpenChat(app, "nobody"), false);
    assert.deepEqual(opened, []);
    assert.match(prompter.told[0] ?? "", /no user of that name/);
  });

  it("ignores arguments that make no sense, and asks", async () => {
    const { app: app } = await withApp();
    for (const given of [1, null, [], {}, { name: 1 }, "", { conversation: "other" }]) {
      assert.equal(await runOpenChat(app, given), false);
    }
  });
});

describe("Send Message and Broadcast Message", () => {
  it("take a name and a text, or an object with both", async () => {
    const { app: app, daemon, prompter } = await withApp();
    assert.equal((await runSendMessage(app, "alice", "one")).ok, true);
    assert.equal((await runSendMessage(app, { to: "alice", text: "two" })).ok, true);
    assert.equal((await runBroadcast(app, "three")).ok, true);
    assert.equal((await runBroadcast(app, { text: "four" })).ok, true);
    assert.deepEqual(sentBy(daemon), [
      { conversation: "user:alice", text: "one" },
      { conversation: "user:alice", text: "two" },
      { conversation: "everyone", text: "three" },
      { conversation: "everyone", text: "four" },
    ]);
    assert.equal(prompter.mentioned[0], "$(check) Sent to alice");
    assert.equal(prompter.mentioned[2], "$(broadcast) Broadcast is on its way");
  });

  it("ask for what is missing", async () => {
    const { app: app, daemon, prompter } = await withApp();
    prompter.pick = "alice";
    prompter.answers.push("hello");
    assert.equal((await runSendMessage(app)).ok, true);
    assert.deepEqual(sentBy(daemon), [{ conversation: "user:alice", text: "hello" }]);
  });

  it("offer a refused text again instead of losing it", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(send, () => failure("too_large"));
    prompter.press = "Try Again";
    prompter.answers.push(undefined);
    await runSendMessage(app, "alice", "precious");
    await settled();
    assert.equal(prompter.questions[0]?.value, "precious");
  });
});

describe("A message whose daemon was lost before it answered", () => {
  const row = (name: string): unknown => ({ kind: "contact", contact: person(name) });
  const ways: Record<string, (app: AppContext) => Promise<unknown>> = {
    "Send Message": (app) => runSendMessage(app, "alice", "once"),
    Broadcast: (app) => runBroadcast(app, "once"),
    "a notification's Reply": (app) => runReply(app, message(3, { text: "well?" })),
    "Send Message to several people": (app) => runSendToSelected(app, row("alice"), [row("alice"), row("zoe")]),
  };
  for (const [way, run] of Object.entries(ways)) {
    it(`is the same message when the next daemon is asked: ${way}`, async () => {
      const { app: app, daemon, prompter } = await withApp();
      prompter.answers.push("once");
      let lost = 0;
      daemon.answer(send, ({ text }) => {
        lost += 1;
        // It is on the disk of the first one, which died.
        return lost % 2 === 1 ? failure("unavailable") : { ok: true, message: message(1, { own: true, text }) };
      });
      await run(app);
      const mids = midsOf(daemon);
      assert.deepEqual([mids[0], mids[2]], [mids[1], mids[3]]);
      assert.equal(new Set(mids).size, mids.length / 2);
    });
  }

  it("is the same message when a person presses Try Again, and another one where they change it", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(send, () => failure("too_large"));
    prompter.press = "Try Again";
    prompter.answers.push("precious", "shorter", undefined);
    await runSendMessage(app, "alice", "precious");
    await settled();
    const [first, again, changed] = midsOf(daemon);
    assert.equal(again, first);
    assert.notEqual(changed, first);
  });
});

describe("A text that was being written while another account was switched to", () => {
  it("is sent by neither, and can be copied", async () => {
    const { app: app, daemon, prompter, copied } = await withApp();
    prompter.press = "Copy";
    prompter.ask = () => {
      daemon.tell(sessionChanged, { session: erin });
      return Promise.resolve("precious");
    };
    const row = (name: string): unknown => ({ kind: "contact", contact: person(name) });
    assert.equal((await runSendMessage(app, "alice")).ok, false);
    daemon.tell(sessionChanged, { session: connectedSession });
    await runSendToSelected(app, row("alice"), [row("alice"), row("zoe")]);
    await settled();
    assert.deepEqual([daemon.askedFor(send.method), copied], [[], ["precious", "precious"]]);
  });

  it("is not sent by the other one where it is tried again after a refusal", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(send, () => failure("too_large"));
    const { promise, resolve } = Promise.withResolvers<string>();
    prompter.hold = promise;
    prompter.answers.push("precious");
    await runSendMessage(app, "alice", "precious");
    daemon.tell(sessionChanged, { session: erin });
    resolve("Try Again");
    await settled();
    assert.equal(daemon.askedFor(send.method).length, 1);
  });
});

describe("The other commands", () => {
  it("show who is online, oneself last, and open the chat with the one that is chosen", async () => {
    const { app: app, daemon, prompter, opened } = await withApp();
    daemon.answer(onlineUsers, () => ({ ok: true, users: ["bob", "alice"] }));
    prompter.pick = "alice";
    assert.deepEqual(await runShowOnline(app), ["alice", "bob"]);
    await settled();
    assert.deepEqual(opened, [["user:alice", "alice"]]);
  });

  it("show who is online with the icons of the tree", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(onlineUsers, () => ({ ok: true, users: ["alice", "nobody-known"] }));
    daemon.tell(contactsChanged, { changed: [person("alice", { presence: "dnd" })], removed: [] });
    await runShowOnline(app);
    assert.deepEqual(
      prompter.offered.map((each) => each.icon),
      [iconOf(person("alice", { presence: "dnd" })).id, iconOf(person("x", { presence: "available" })).id],
    );
  });

  it("block and unblock by name, or ask", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(blockUser, () => ({ ok: true }));
    daemon.answer(unblockUser, () => ({ ok: true }));
    await runBlock(app, "alice");
    prompter.pick = "Mallory";
    await runUnblock(app);
    assert.deepEqual(daemon.askedFor(blockUser.method), [{ user: "alice" }]);
    assert.deepEqual(daemon.askedFor(unblockUser.method), [{ user: "Mallory" }]);
  });

  it("start a server and then sign in to it", async () => {
    const { app: app, daemon, prompter } = await withApp();
    daemon.answer(startServer, () => ({ ok: true, address: "127.0.0.1:9", alreadyRunning: false }));
    prompter.press = "Sign In";
    prompter.answers.push("bob", "right");
    const outcome = await runStartServer(app, { port: 9 });
    assert.equal(outcome.ok && outcome.address, "127.0.0.1:9");
    await settled();
    assert.deepEqual(daemon.askedFor(startServer.method), [{ port: 9 }]);
    assert.deepEqual(daemon.askedFor(signIn.method), [
      { server: "127.0.0.1:9", user: "bob", password: "right", pin: rightPin },
    ]);
  });

  it("start a server once the daemon is reached, where that is still under way", async () => {
    const { app: app, daemon } = await withApp();
    daemon.setLink({ state: "connecting" });
    daemon.answer(startServer, () => failure("unavailable", "Still connecting."));
    const started = runStartServer(app);
    await settled();
    daemon.answer(startServer, () => ({ ok: true, address: "127.0.0.1:9", alreadyRunning: false }));
    daemon.setLink({ state: "connected" });
    assert.equal((await started).ok, true);
  });
});
