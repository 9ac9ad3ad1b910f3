import assert from "node:assert/strict";
import { Credentials } from "../../../../extension/account/credentials.ts";
import { runRegister, runSignIn, runSignOut } from "../../../../extension/commands/account.ts";
import type { Desk } from "../../../../extension/commands/desk.ts";
import { runRestartDaemon, runStartServer } from "../../../../extension/commands/machine.ts";
import { runBlock, runUnblock } from "../../../../extension/commands/people.ts";
import { runBroadcast, runOpenChat, runSendMessage, runShowOnline } from "../../../../extension/commands/talk.ts";
import { runTrustServer } from "../../../../extension/commands/trust.ts";
import { back } from "../../../../extension/prompter-port.ts";
import type { Confirmation, Offer, Prompter, Question } from "../../../../extension/prompter-port.ts";
import { Room } from "../../../../extension/room.ts";
import {
  blockUser,
  findContact,
  inspectServer,
  onlineUsers,
  register,
  send,
  signIn,
  signOut,
  snapshot,
  startServer,
  stopDaemon,
  trustServer,
  unblockUser,
} from "../../../../protocol/editor/requests.ts";
import type { SessionState } from "../../../../protocol/editor/model.ts";
import { failure } from "../../../../protocol/errors.ts";
import { connectedSession, DaemonStandIn, message, person, settled, silentLog } from "../stand-ins.ts";

/** Answers questions from a list, in their order, and records all that was asked and told. */
class PersonStandIn implements Prompter {
  readonly answers: (string | typeof back | undefined)[] = [];
  readonly questions: Question[] = [];
  readonly told: string[] = [];
  readonly mentioned: string[] = [];
  readonly confirmed: string[] = [];
  agrees = false;
  press: string | undefined;
  pick: string | undefined;

  ask(question: Question): Promise<string | typeof back | undefined> {
    this.questions.push(question);
    return Promise.resolve(this.answers.shift());
  }
  choose<T>(offer: Offer<T>): Promise<T | undefined> {
    const found = offer.choices.find((each) => each.label === this.pick);
    return Promise.resolve((found ?? (this.pick === undefined ? undefined : offer.typed?.(this.pick)))?.value);
  }
  tell(_tone: string, text: string): Promise<string | undefined> {
    this.told.push(text);
    return Promise.resolve(this.press);
  }
  confirm({ text, detail }: Confirmation): Promise<boolean> {
    this.confirmed.push(`${text} ${detail}`);
    return Promise.resolve(this.agrees);
  }
  mention(text: string): void {
    this.mentioned.push(text);
  }
}

const rightPin = "A".repeat(43);

async function atDesk() {
  const daemon = new DaemonStandIn();
  daemon.answer(snapshot, () => ({
    ok: true,
    session: connectedSession,
    contacts: [person("alice"), person("Mallory", { conversation: "user:mallory", blocked: true })],
  }));
  daemon.answer(inspectServer, ({ server }) => ({ ok: true, server, pin: rightPin, trust: "trusted" as const }));
  daemon.answer(signIn, ({ server, user, password }) =>
    password === "right" ? { ok: true, account: { server, user } } : failure("bad_credentials"),
  );
  daemon.answer(findContact, ({ user }) =>
    user === "Zoe" ? { ok: true, contact: person("zoe") } : failure("no_such_user"),
  );
  daemon.answer(send, ({ text }) => ({ ok: true, message: message(1, { own: true, text }) }));
  const room = new Room(daemon, silentLog);
  await settled();
  const memory = new Map<string, unknown>();
  const secrets = new Map<string, string>();
  const credentials = new Credentials(
    {
      get: (key) => memory.get(key),
      update: (key, value) => Promise.resolve(void memory.set(key, value)),
    },
    {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
    },
  );
  const prompter = new PersonStandIn();
  const opened: [string, string][] = [];
  const desk: Desk = {
    daemon,
    room,
    credentials,
    prompter,
    settings: () => ({ server: "default:1", notifications: true }),
    openPanel: (id, name) => opened.push([id, name]),
    showLog: () => undefined,
    copy: () => Promise.resolve(),
  };
  return { daemon, room, desk, prompter, opened, credentials, secrets };
}

const account = { server: "s:1", user: "bob" };

describe("Sign In", () => {
  it("asks for server, user and password, one after another, and shows the password to nobody", async () => {
    const { desk, prompter, daemon } = await atDesk();
    prompter.answers.push("s:1", "bob", "right");
    assert.equal((await runSignIn(desk)).ok, true);
    assert.deepEqual(daemon.askedFor(signIn.method), [
      { server: "s:1", user: "bob", password: "right", pin: rightPin },
    ]);
    assert.deepEqual(
      prompter.questions.map((each) => [each.prompt.split(/[ :]/)[0], each.password === true]),
      [
        ["Address", false],
        ["User", false],
        ["Password", true],
      ],
    );
  });

  it("goes back a question, with what was answered to it", async () => {
    const { desk, prompter } = await atDesk();
    prompter.answers.push("wrong:1", back, "s:1", "bob", "right");
    const outcome = await runSignIn(desk);
    assert.equal(outcome.ok && outcome.account.server, "s:1");
    assert.equal(prompter.questions[2]?.value, "wrong:1");
  });

  it("uses arguments instead of asking", async () => {
    const { desk, prompter } = await atDesk();
    assert.equal((await runSignIn(desk, { ...account, password: "right" })).ok, true);
    assert.deepEqual([prompter.questions, prompter.told], [[], []]);
    prompter.answers.push("right");
    assert.equal((await runSignIn(desk, account)).ok, true);
    assert.equal(prompter.questions.length, 1);
  });

  it("sends nothing when the person gives up", async () => {
    const { desk, prompter, daemon } = await atDesk();
    prompter.answers.push("s:1", undefined);
    assert.equal((await runSignIn(desk)).ok, false);
    assert.deepEqual(daemon.askedFor(signIn.method), []);
    assert.deepEqual(prompter.told, []);
  });

  it("says why it was refused, and forgets the password that was wrong", async () => {
    const { desk, prompter, credentials, secrets } = await atDesk();
    await credentials.rememberPassword(account, "old");
    assert.equal((await runSignIn(desk, { ...account, password: "wrong" })).ok, false);
    assert.match(prompter.told[0] ?? "", /password is wrong/);
    assert.equal(secrets.size, 0);
  });

  it("keeps a password only if the person agrees, and asks once", async () => {
    const { desk, prompter, secrets } = await atDesk();
    prompter.answers.push("s:1", "bob", "right", "s:1", "bob", "right");
    await runSignIn(desk);
    await settled();
    assert.equal(prompter.told.length, 1);
    assert.equal(secrets.size, 0);
    await runSignIn(desk);
    await settled();
    assert.equal(prompter.told.length, 1);

    const other = await atDesk();
    other.prompter.answers.push("s:1", "bob", "right");
    other.prompter.press = "Remember";
    await runSignIn(other.desk);
    await settled();
    assert.deepEqual([...other.secrets.values()], ["right"]);
  });

  it("proposes next time what was used last", async () => {
    const { desk, prompter, daemon } = await atDesk();
    const signedOut: SessionState = { state: "signedOut" };
    daemon.answer(snapshot, () => ({ ok: true, session: signedOut, contacts: [] }));
    await desk.room.refresh();
    prompter.answers.push(undefined);
    await runSignIn(desk);
    assert.equal(prompter.questions[0]?.value, "default:1");
    await runSignIn(desk, { ...account, password: "right" });
    prompter.answers.push("s:1", undefined);
    await runSignIn(desk);
    assert.deepEqual(
      prompter.questions.slice(1).map((each) => each.value),
      ["s:1", "bob"],
    );
  });
});

describe("A server whose key is not known", () => {
  const otherPin = "B".repeat(43);
  const entry = { server: "chat.example:1", user: "bob", password: "right" };

  it("is shown with its key in groups of four, and gets nothing before the person said yes", async () => {
    const { desk, prompter, daemon } = await atDesk();
    daemon.answer(inspectServer, ({ server }) => ({ ok: true, server, pin: rightPin, trust: "unknown" as const }));
    assert.equal((await runSignIn(desk, entry)).ok, false);
    assert.match(prompter.confirmed[0] ?? "", /Trust the server chat.example:1\?.*(AAAA ){10}AAA\b/s);
    assert.equal((await runRegister(desk, entry)).ok, false);
    assert.deepEqual([...daemon.askedFor(signIn.method), ...daemon.askedFor(register.method)], []);
    assert.deepEqual(prompter.told, []);
  });

  it("is signed in to with just that key once the person agreed", async () => {
    const { desk, prompter, daemon } = await atDesk();
    daemon.answer(inspectServer, ({ server }) => ({ ok: true, server, pin: rightPin, trust: "unknown" as const }));
    prompter.agrees = true;
    assert.equal((await runSignIn(desk, entry)).ok, true);
    assert.deepEqual(daemon.askedFor(signIn.method), [{ ...entry, pin: rightPin }]);
  });

  for (const trust of ["changed", "mismatch"] as const) {
    it(`gets nothing and cannot be clicked away where the key is a ${trust} one`, async () => {
      const { desk, prompter, daemon } = await atDesk();
      daemon.answer(inspectServer, ({ server }) => ({ ok: true, server, pin: rightPin, trust, expected: otherPin }));
      prompter.agrees = true;
      assert.equal((await runSignIn(desk, entry)).ok, false);
      assert.match(prompter.told[0] ?? "", /another key .* Nothing was sent/);
      assert.deepEqual([daemon.askedFor(signIn.method), prompter.confirmed], [[], []]);
    });
  }

  it("is said to be unreachable where it is, with Try Again", async () => {
    const { desk, prompter, daemon } = await atDesk();
    daemon.answer(inspectServer, () => failure("unavailable", "Nothing listens there."));
    assert.equal((await runSignIn(desk, entry)).ok, false);
    assert.deepEqual(prompter.told, ["Nothing listens there."]);
  });
});

describe("Trust Server", () => {
  const seen = { ok: true, server: "s:1", pin: rightPin, trust: "changed", expected: "B".repeat(43) } as const;

  it("shows both keys, and changes nothing without a yes", async () => {
    const { desk, prompter, daemon } = await atDesk();
    daemon.answer(inspectServer, () => seen);
    assert.equal((await runTrustServer(desk)).ok, false);
    assert.match(prompter.confirmed[0] ?? "", /Expected: BBBB BBBB.*Shown: AAAA AAAA/s);
    assert.deepEqual(daemon.askedFor(inspectServer.method), [{ server: "127.0.0.1:8765" }]);
    assert.deepEqual(daemon.askedFor(trustServer.method), []);
  });

  it("replaces the key that was shown", async () => {
    const { desk, prompter, daemon } = await atDesk();
    daemon.answer(inspectServer, () => seen);
    daemon.answer(trustServer, ({ server }) => ({ ok: true, server }));
    prompter.agrees = true;
    assert.equal((await runTrustServer(desk, { server: "s:1" })).ok, true);
    assert.deepEqual(daemon.askedFor(trustServer.method), [{ server: "s:1", pin: rightPin }]);
  });

  it("asks nothing where the key is right", async () => {
    const { desk, prompter } = await atDesk();
    assert.equal((await runTrustServer(desk, { server: "s:1" })).ok, true);
    assert.deepEqual(prompter.confirmed, []);
  });
});

describe("Create Account", () => {
  it("signs in with the account it made", async () => {
    const { desk, daemon } = await atDesk();
    daemon.answer(register, () => ({ ok: true }));
    const outcome = await runRegister(desk, { ...account, password: "right" });
    assert.equal(outcome.ok && outcome.account.user, "bob");
  });

  it("asks for an invitation only where the server wants one", async () => {
    const { desk, daemon, prompter } = await atDesk();
    daemon.answer(register, ({ invite }) => (invite === "abc" ? { ok: true } : failure("bad_invite")));
    prompter.answers.push(" abc ");
    assert.equal((await runRegister(desk, { ...account, password: "right" })).ok, true);
  });

  it("says why there is none", async () => {
    const { desk, daemon, prompter } = await atDesk();
    daemon.answer(register, () => failure("name_taken"));
    const outcome = await runRegister(desk, { ...account, password: "right" });
    assert.equal(!outcome.ok && outcome.code, "name_taken");
    assert.match(prompter.told[0] ?? "", /taken/);
  });
});

describe("Sign Out", () => {
  it("forgets the password", async () => {
    const { desk, daemon, credentials, secrets } = await atDesk();
    daemon.answer(signOut, () => ({ ok: true }));
    await credentials.rememberPassword({ server: "127.0.0.1:8765", user: "bob" }, "x");
    assert.equal((await runSignOut(desk)).ok, true);
    assert.equal(secrets.size, 0);
  });
});

describe("Open Chat", () => {
  it("takes a name, an object with a name, and a row of the tree", async () => {
    const { desk, opened } = await atDesk();
    await runOpenChat(desk, "ALICE");
    await runOpenChat(desk, { name: "alice" });
    await runOpenChat(desk, { kind: "contact", contact: person("alice") });
    await runOpenChat(desk, "Zoe");
    await runOpenChat(desk, "everyone");
    assert.deepEqual(opened, [
      ["user:alice", "alice"],
      ["user:alice", "alice"],
      ["user:alice", "alice"],
      ["user:zoe", "zoe"],
      ["everyone", ""],
    ]);
  });

  it("offers the contacts and takes a typed name", async () => {
    const { desk, opened, prompter } = await atDesk();
    prompter.pick = "Everyone";
    assert.equal(await runOpenChat(desk), true);
    prompter.pick = "Zoe";
    assert.equal(await runOpenChat(desk), true);
    assert.deepEqual(
      opened.map(([id]) => id),
      ["everyone", "user:zoe"],
    );
  });

  it("says that there is nobody of that name", async () => {
    const { desk, opened, prompter } = await atDesk();
    assert.equal(await runOpenChat(desk, "nobody"), false);
    assert.deepEqual(opened, []);
    assert.match(prompter.told[0] ?? "", /no user of that name/);
  });

  it("ignores arguments that make no sense, and asks", async () => {
    const { desk } = await atDesk();
    for (const given of [1, null, [], {}, { name: 1 }, "", { conversation: "other" }]) {
      assert.equal(await runOpenChat(desk, given), false);
    }
  });
});

describe("Send Message and Broadcast Message", () => {
  it("take a name and a text, or an object with both", async () => {
    const { desk, daemon, prompter } = await atDesk();
    assert.equal((await runSendMessage(desk, "alice", "one")).ok, true);
    assert.equal((await runSendMessage(desk, { to: "alice", text: "two" })).ok, true);
    assert.equal((await runBroadcast(desk, "three")).ok, true);
    assert.equal((await runBroadcast(desk, { text: "four" })).ok, true);
    assert.deepEqual(daemon.askedFor(send.method), [
      { conversation: "user:alice", text: "one" },
      { conversation: "user:alice", text: "two" },
      { conversation: "everyone", text: "three" },
      { conversation: "everyone", text: "four" },
    ]);
    assert.equal(prompter.mentioned[0], "$(check) Sent to alice");
    assert.equal(prompter.mentioned[2], "$(broadcast) Broadcast is on its way");
  });

  it("ask for what is missing", async () => {
    const { desk, daemon, prompter } = await atDesk();
    prompter.pick = "alice";
    prompter.answers.push("hello");
    assert.equal((await runSendMessage(desk)).ok, true);
    assert.deepEqual(daemon.askedFor(send.method), [{ conversation: "user:alice", text: "hello" }]);
  });

  it("offer a refused text again instead of losing it", async () => {
    const { desk, daemon, prompter } = await atDesk();
    daemon.answer(send, () => failure("too_large"));
    prompter.press = "Try Again";
    prompter.answers.push(undefined);
    await runSendMessage(desk, "alice", "precious");
    await settled();
    assert.equal(prompter.questions[0]?.value, "precious");
  });
});

describe("The other commands", () => {
  it("show who is online, oneself last, and open the chat with the one that is chosen", async () => {
    const { desk, daemon, prompter, opened } = await atDesk();
    daemon.answer(onlineUsers, () => ({ ok: true, users: ["bob", "alice"] }));
    prompter.pick = "alice";
    assert.deepEqual(await runShowOnline(desk), ["alice", "bob"]);
    await settled();
    assert.deepEqual(opened, [["user:alice", "alice"]]);
  });

  it("block and unblock by name, or ask", async () => {
    const { desk, daemon, prompter } = await atDesk();
    daemon.answer(blockUser, () => ({ ok: true }));
    daemon.answer(unblockUser, () => ({ ok: true }));
    await runBlock(desk, "alice");
    prompter.pick = "Mallory";
    await runUnblock(desk);
    assert.deepEqual(daemon.askedFor(blockUser.method), [{ user: "alice" }]);
    assert.deepEqual(daemon.askedFor(unblockUser.method), [{ user: "Mallory" }]);
  });

  it("start a server and then sign in to it", async () => {
    const { desk, daemon, prompter } = await atDesk();
    daemon.answer(startServer, () => ({ ok: true, address: "127.0.0.1:9", alreadyRunning: false }));
    prompter.press = "Sign In";
    prompter.answers.push("bob", "right");
    const outcome = await runStartServer(desk, { port: 9 });
    assert.equal(outcome.ok && outcome.address, "127.0.0.1:9");
    await settled();
    assert.deepEqual(daemon.askedFor(startServer.method), [{ port: 9 }]);
    assert.deepEqual(daemon.askedFor(signIn.method), [
      { server: "127.0.0.1:9", user: "bob", password: "right", pin: rightPin },
    ]);
  });

  it("restart the daemon by ending it and connecting again", async () => {
    const { desk, daemon } = await atDesk();
    daemon.answer(stopDaemon, () => ({ ok: true }));
    const restarted = runRestartDaemon(desk);
    await settled();
    daemon.setLink({ state: "connecting" });
    await settled();
    daemon.setLink({ state: "connected" });
    assert.equal(await restarted, true);
  });
});
