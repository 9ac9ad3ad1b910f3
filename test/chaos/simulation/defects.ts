// Building blocks of the deliberate defects in mutations.ts.

import type { DatabaseSync } from "node:sqlite";
import type { UserKey } from "../../../protocol/ids.ts";
import type { Grant, Mailbox, Ports } from "../../../server/core/ports.ts";
import { History } from "../../../daemon/history/history.ts";
import type { RunOptions } from "./run.ts";
import { wrapped } from "./wrapped.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Recognizes no repeated message, and has no index that would refuse it. */
export class ForgetfulHistory extends History {
  constructor(database: DatabaseSync, owner: UserKey) {
    super(database, owner);
    database.exec("DROP INDEX IF EXISTS message_origin");
  }

  override isKnown(): boolean {
    return false;
  }
}

export function withMailbox(alter: (mailbox: Mailbox) => Mailbox): RunOptions {
  return { alterPorts: (ports) => ({ ...ports, mailbox: alter(ports.mailbox) }) };
}

/** Every token that was ever issued opens the account. */
export function eternalTokens({ tokens, ...ports }: Ports): Ports {
  const ever = new Map<string, { hash: string; grant: Grant }>();
  const altered = wrapped(tokens, {
    find: (token) => tokens.find(token) ?? ever.get(token),
    issue: async (grant, password) => {
      const issued = await tokens.issue(grant, password);
      if (issued !== "failed") ever.set(issued.token, { hash: issued.hash, grant });
      return issued;
    },
  });
  return { ...ports, tokens: altered };
}

/** A block lasts only until the server restarts. */
export function forgottenBlocks({ blocks, ...ports }: Ports): Ports {
  const made = new Set<string>();
  const keep = (act: () => void): Promise<"written"> => {
    act();
    return Promise.resolve("written");
  };
  const altered = wrapped(blocks, {
    has: (owner, target) => made.has(`${owner} ${target}`),
    isBlocked: (target) => Array.from(made).some((pair) => pair.endsWith(` ${target}`)),
    put: (owner, target) => keep(() => made.add(`${owner} ${target}`)),
    remove: (owner, target) => keep(() => made.delete(`${owner} ${target}`)),
  });
  return { ...ports, blocks: altered };
}

/** Passes only those lines to the client that `keeps` accepts. */
export function filtered(keeps: (body: Fields) => boolean): RunOptions {
  return {
    alterLink: (link, connect) =>
      connect(
        wrapped(link, {
          send: (lines) => {
            const kept = lines.split("\n").filter((line) => line !== "" && keeps(JSON.parse(line) as Fields));
            return kept.length > 0 ? link.send(`${kept.join("\n")}\n`) : 0;
          },
        }),
      ),
  };
}

/** Messages that a client without acks has taken from its link count as read. */
export const believing: RunOptions = {
  alterLink: (link, connect) => {
    let acks = false;
    const pushed: unknown[] = [];
    const send = (lines: string): number => {
      for (const line of lines.trimEnd().split("\n")) {
        const { type, id } = JSON.parse(line) as Fields;
        if (type === "message") pushed.push(id);
      }
      return link.send(lines);
    };
    const events = connect(wrapped(link, { send }));
    return wrapped(events, {
      frame: (frame) => {
        acks ||= frame.kind === "object" && frame.value["acks"] === true;
        events.frame(frame);
      },
      taken: (mark) => {
        events.taken(mark);
        const read = pushed.splice(0).map((id) => ({ id, result: "ok" }));
        if (!acks) for (const value of read) events.frame({ kind: "object", value });
      },
    });
  },
};
