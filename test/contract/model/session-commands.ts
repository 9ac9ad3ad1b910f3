// Making an account, and opening, losing and ending its session [P-3.4, P-3.6, P-4.1, P-4.7, P-4.10].

import assert from "node:assert/strict";
import { once } from "node:events";
import { command } from "./command.ts";
import type { ChatCommand } from "./command.ts";
import type { How, Model, Name } from "./model.ts";
import { assertOk, assertRefused } from "./people.ts";
import type { People } from "./people.ts";

const described = ({ device, manner, listens }: How): string =>
  [device, manner, ...(manner === "acks" && listens ? ["listens"] : [])].join(", ");

export function register(name: Name): ChatCommand {
  return command(
    `register(${name})`,
    () => true,
    async (model, people) => {
      const client = await people.open();
      const answer = await client.ask({ type: "register", username: people.full(name), password: `pw ${name}` });
      if (model.accounts.has(name)) assertRefused(answer, "name_taken");
      else assertOk(answer);
      model.accounts.add(name);
      client.destroy();
    },
  );
}

export function login(name: Name, how: How): ChatCommand {
  return command(
    `login(${name}, ${described(how)})`,
    (model) => model.accounts.has(name),
    async (model, people) => {
      const before = model.isLinked(name) ? people.link(name) : undefined;
      const answer = await people.authenticate(name, how, { password: `pw ${name}` });
      assertOk(answer, { username: people.full(name), alive: 60 });
      await opened(model, people, name, how, before);
    },
  );
}

/** Comes back by token, as after a lost link. */
export function resume(name: Name, how: How): ChatCommand {
  return command(
    `resume(${name}, ${described(how)})`,
    (model) => model.tokens.has(name),
    async (model, people) => {
      const before = model.isLinked(name) ? people.link(name) : undefined;
      const answer = await people.authenticate(name, how, { token: people.tokens.get(name) });
      assertOk(answer, { token: people.tokens.get(name) });
      await opened(model, people, name, how, before);
    },
  );
}

/** The earlier session is told or not, the mailbox comes in its order, and the others hear of it. */
async function opened(
  model: Model,
  people: People,
  name: Name,
  how: How,
  before: ReturnType<People["link"]> | undefined,
): Promise<void> {
  const earlier = model.sessions.get(name);
  const same = earlier?.device === how.device;
  if (before && !same) {
    assert.equal((await before.push("kill"))["reason"], "you have logged in at another place.");
  }
  if (before) {
    if (!before.socket.readableEnded) await once(before.socket, "end");
    before.halfClose();
    await before.closed;
    assert.equal(
      before.waitingPushes.some((push) => push["type"] === "kill"),
      false,
      "told twice, or though it is the same device",
    );
  }
  model.linkLost(name);
  const state = same ? earlier.state : "available";
  model.sessions.set(name, { ...how, state, linked: true, unsettled: [] });
  model.tokens.add(name);
  if (earlier?.state !== state) await people.tellsPresence(model, name, { type: "presence", state });
  for (const message of model.mailboxes.get(name) ?? []) {
    await people.expectMessage(name, message.from, { msg: message.text, mid: message.mid });
    model.handed(name, message);
    model.draining.add(name);
  }
  model.mailboxes.set(name, []);
  await people.settled(name);
}

export function disconnect(name: Name): ChatCommand {
  return command(
    `disconnect(${name})`,
    (model) => model.isLinked(name),
    async (model, people) => {
      const link = people.link(name);
      link.halfClose();
      await link.closed;
      model.linkLost(name);
    },
  );
}

export function logout(name: Name): ChatCommand {
  return command(
    `logout(${name})`,
    (model) => model.isLinked(name),
    async (model, people) => {
      const link = people.link(name);
      assertOk(await link.ask({ type: "logout" }));
      model.linkLost(name);
      model.sessions.delete(name);
      model.tokens.delete(name);
      people.endedTokens.push(people.tokens.get(name));
      await people.tellsPresence(model, name, { type: "offline" });
      assertRefused(await link.ask({ type: "alive" }), "not_authenticated");
      link.destroy();
    },
  );
}

/** No token that was replaced or ended opens anything. Not tried with `auth`: failed ones are throttled by address. */
export function tryEndedTokens(): ChatCommand {
  return command(
    "tryEndedTokens()",
    () => true,
    async (_, people) => {
      const client = await people.open();
      for (const token of people.endedTokens) {
        assertRefused(await client.ask({ type: "alive", token }), "not_authenticated");
      }
      client.destroy();
    },
  );
}
