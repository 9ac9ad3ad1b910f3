// Messages to one and to all, blocks, presence, lists and addresses [P-4.2 to P-4.6, P-4.8, P-4.11 to P-4.13, P-5].

import assert from "node:assert/strict";
import { command } from "./command.ts";
import type { ChatCommand } from "./command.ts";
import { names } from "./model.ts";
import type { Model, ModelMessage, Name, Presence } from "./model.ts";
import { assertOk, assertRefused, listenerPort } from "./people.ts";
import type { People } from "./people.ts";

const isLinked =
  (name: Name) =>
  (model: Readonly<Model>): boolean =>
    model.isLinked(name);

/** What stands in the way of `from` reaching `to`. */
function obstacle(model: Model, from: Name, to: Name): string | undefined {
  if (!model.accounts.has(to)) return "no_such_user";
  return model.blocked(to, from) ? "blocked" : undefined;
}

export function send(from: Name, to: Name): ChatCommand {
  return command(`send(${from}, ${to})`, isLinked(from), async (model, people) => {
    const message = model.write(from);
    const answer = await transmit(people, to, message);
    const refused = obstacle(model, from, to);
    if (refused !== undefined) {
      assertRefused(answer, refused);
      return;
    }
    const isThere = model.isLinked(to);
    const passed = isThere && model.draining.has(to) ? String(answer["delivery"]) : "delivered";
    const delivery = isThere ? passed : "queued";
    assertOk(answer, { delivery });
    if (delivery === "delivered") model.draining.delete(to);
    model.last.set(from, { to, message, delivery });
    const { text, mid } = message;
    if (!isThere) model.mailboxes.get(to)?.push(message);
    else {
      await people.expectMessage(to, from, { to: people.full(to), msg: text, mid });
      model.handed(to, message);
    }
  });
}

/** The last message once more, with its `mid`: the same answer, also behind a block, and nobody gets it again [P-5.4]. */
export function sendAgain(from: Name): ChatCommand {
  return command(
    `sendAgain(${from})`,
    (model) => model.isLinked(from) && model.last.has(from),
    async (model, people) => {
      const last = model.last.get(from);
      if (!last) return;
      const answer = await transmit(people, last.to, last.message);
      assertOk(answer, { delivery: last.delivery });
    },
  );
}

async function transmit(people: People, to: Name, { from, text, mid }: ModelMessage) {
  return await people.link(from).ask({ type: "message", to: people.full(to), msg: text, mid });
}

/** The server is shared by all runs, but only those of this one are signed in. */
export function broadcast(from: Name): ChatCommand {
  return command(`broadcast(${from})`, isLinked(from), async (model, people) => {
    const { text, mid } = model.write(from);
    const audience = names.filter((name) => name !== from && model.isLinked(name) && !model.blocked(name, from));
    const answer = await people.link(from).ask({ type: "broadcast", msg: text, mid });
    assertOk(answer, { delivered: audience.length });
    for (const name of audience) {
      await people.expectMessage(name, from, { msg: text, mid, broadcast: true });
    }
  });
}

export function setBlock(owner: Name, target: Name, blocks: boolean): ChatCommand {
  return command(`${blocks ? "block" : "unblock"}(${owner}, ${target})`, isLinked(owner), async (model, people) => {
    const type = blocks ? "block" : "unblock";
    const answer = await people.link(owner).ask({ type, target: people.full(target) });
    if (!model.accounts.has(target)) {
      assertRefused(answer, "no_such_user");
      return;
    }
    if (owner === target) {
      assertRefused(answer, "bad_request");
      return;
    }
    assertOk(answer);
    if (model.blocked(owner, target) === blocks) return;
    const pair = `${owner} ${target}`;
    if (blocks) model.blocks.add(pair);
    else model.blocks.delete(pair);
    if (!model.isLinked(target)) return;
    const seen = blocks ? { type: "offline" } : { type: "presence", state: model.sessions.get(owner)?.state };
    await people.expectPush(target, { ...seen, ...people.sender(owner) });
  });
}

export function setPresence(name: Name, state: Presence): ChatCommand {
  return command(`setPresence(${name}, ${state})`, isLinked(name), async (model, people) => {
    assertOk(await people.link(name).ask({ type: "presence", state }));
    const session = model.sessions.get(name);
    // Said again it is no change.
    if (!session || session.state === state) return;
    session.state = state;
    await people.tellsPresence(model, name, { type: "presence", state });
  });
}

/** Everything that can be asked about others says the same. */
export function look(name: Name): ChatCommand {
  return command(`look(${name})`, isLinked(name), async (model, people) => {
    const link = people.link(name);
    const { id, ...online } = await link.ask({ type: "online" });
    assert.equal(typeof id, "string");
    assert.deepEqual(
      Object.keys(online)
        .map((each) => people.short(each))
        .sort(),
      model.visibleTo(name).sort(),
    );
    const blocked = await link.ask({ type: "blocked" });
    const targets = names.filter((each) => model.blocked(name, each)).map((each) => people.full(each));
    assertOk({ ...blocked, users: [blocked["users"]].flat().sort() }, { users: targets });
    const listed = names.filter((each) => each !== name && model.accounts.has(each) && !model.blocked(each, name));
    const answer = await link.ask({ type: "users", prefix: people.full("") });
    const said = (answer["users"] ?? []) as readonly Record<string, unknown>[];
    const users = listed.map((each, at) => ({
      name: people.full(each),
      account: people.account(each, said[at]?.["account"]),
      state: model.sessions.get(each)?.state ?? "offline",
    }));
    assertOk(answer, { users, next: undefined });
  });
}

/** Nobody is asked for what there is not. */
export function askAddress(from: Name, of: Name, agrees: boolean): ChatCommand {
  return command(`askAddress(${from}, ${of}, ${agrees ? "yes" : "no"})`, isLinked(from), async (model, people) => {
    const target = model.sessions.get(of);
    const listens = target?.manner === "acks" && target.listens;
    const refused = obstacle(model, from, of) ?? (from === of ? "bad_request" : target ? undefined : "offline");
    const question = { type: "address", target: people.full(of) };
    const isAsked = refused === undefined && listens;
    // Whoever asks for somebody wants to talk to them.
    if (isAsked) model.denials.delete(`${from} ${of}`);
    const isHeld = isAsked && model.denials.has(`${of} ${from}`);
    if (!isAsked || isHeld || !target.linked) {
      const answer = await people.link(from).ask(question);
      assertRefused(answer, refused ?? (isHeld ? "denied" : listens ? "offline" : "no_listener"));
      assert.deepEqual([answer["ip"], answer["port"]], ["null", "null"]);
      return;
    }
    const wanted = people.link(of);
    wanted.acknowledges = false;
    const asked = people.link(from).ask(question);
    const push = await people.expectPush(of, { type: "request", ...people.sender(from) });
    wanted.acknowledge(push, agrees ? "ok" : "not now");
    if (agrees) assertOk(await asked, { ip: "127.0.0.1", port: String(listenerPort) });
    else assertRefused(await asked, "denied");
    wanted.acknowledges = true;
    model.answered(of, from, agrees);
  });
}

/** Without a session nothing is served, and the connection stays [P-3.3]. */
export function intrude(): ChatCommand {
  return command(
    "intrude()",
    () => true,
    async (_, people) => {
      const client = await people.open();
      for (const type of ["message", "online", "alive", "block"]) {
        assertRefused(await client.ask({ type, from: people.full("ann") }), "not_authenticated");
      }
      assertRefused(await client.ask({ type: "nonsense" }), "unknown_type");
      client.destroy();
    },
  );
}
