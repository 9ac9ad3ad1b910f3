// Deliberate defects in how a server treats a client that is slow, late, or refuses messages, and in how it uses clocks.
// Each needs a special kind of run: the parts in `mix` are in every seed.

import type { JsonObject } from "../../../protocol/wire/frame.ts";
import type { Clock, QueuedMessage, Mailbox, StoredLetter } from "../../../server/core/ports.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Extra, Mix } from "./mix.ts";
import type { RunOptions } from "./run.ts";
import type { Scheduler } from "./scheduler.ts";
import { wrapped } from "./wrapped.ts";

type Fields = Readonly<Record<string, unknown>>;

const only = (extra: Extra): Mix => new Set([extra]);

/** What happens to the pushes of a message on one link, and to the answers to them. */
interface Watched {
  pushed(push: Fields, line: string, sendAgain: (line: string) => void): void;
  /** @returns what the server receives now */
  answered(answer: JsonObject): readonly JsonObject[];
}

/** @param watch creates one per link */
function watching(mix: Mix, watch: (scheduler: Scheduler) => Watched): RunOptions {
  let scheduler: Scheduler | undefined;
  return {
    mix,
    prepare: (world) => (scheduler = world.scheduler),
    alterLink: (link, connect) => {
      if (!scheduler) throw new Error("the world was not prepared");
      const watched = watch(scheduler);
      const send = (lines: string): number => {
        const mark = link.send(lines);
        for (const line of lines.trimEnd().split("\n")) {
          const push = JSON.parse(line) as Fields;
          if (push["type"] === "message") watched.pushed(push, line, (again) => link.send(`${again}\n`));
        }
        return mark;
      };
      const events = connect(wrapped(link, { send }));
      return wrapped(events, {
        frame: (frame) => {
          if (frame.kind !== "object" || frame.value["type"] !== undefined) events.frame(frame);
          else for (const value of watched.answered(frame.value)) events.frame({ kind: "object", value });
        },
      });
    },
  };
}

/** Pushes that have no answer after 10 s are pushed again, as if the connection had lost them. */
export const impatient: RunOptions = watching(only("slow"), (scheduler) => {
  const waiting = new Set<unknown>();
  return {
    pushed: ({ id }, line, sendAgain) => {
      waiting.add(id);
      scheduler.after(limits.acknowledgementMs, scheduler.current, () => {
        if (waiting.has(id)) sendAgain(line);
      });
    },
    answered: (answer) => {
      waiting.delete(answer["id"]);
      return [answer];
    },
  };
});

/** An acknowledgement after more than 10 s is ignored. */
export const forgetful: RunOptions = watching(only("late"), (scheduler) => {
  const pushedMs = new Map<unknown, number>();
  return {
    pushed: ({ id }) => pushedMs.set(id, scheduler.nowMs),
    answered: (answer) =>
      scheduler.nowMs - (pushedMs.get(answer["id"]) ?? Infinity) < limits.acknowledgementMs ? [answer] : [],
  };
});

const everything = { messages: limits.maxMailboxMessages, bytes: limits.maxMailboxBytes };

/** While a letter in a mailbox is refused, nothing after it is delivered. */
export function stubborn(): RunOptions {
  const refused = new Set<unknown>();
  const options = watching(only("refusing"), () => {
    const mids = new Map<unknown, unknown>();
    return {
      pushed: ({ id, mid }) => mids.set(id, mid),
      answered: (answer) => {
        const mid = mids.get(answer["id"]);
        if (mid !== undefined) refused[answer["result"] === "ok" ? "delete" : "add"](mid);
        return [answer];
      },
    };
  });
  const untilRefused = (letters: readonly StoredLetter[]): readonly StoredLetter[] => {
    const at = letters.findIndex(({ mid }) => refused.has(mid));
    return at === -1 ? letters : letters.slice(0, at + 1);
  };
  const stopping = (mailbox: Mailbox): Mailbox =>
    wrapped(mailbox, {
      read: (account, afterSeq, { messages }, done) =>
        mailbox.read(account, 0, everything, (letters) => {
          if (letters === "failed") done(letters);
          else
            done(
              untilRefused(letters)
                .filter(({ seq }) => seq > afterSeq)
                .slice(0, messages),
            );
        }),
    });
  return { ...options, alterPorts: (ports) => ({ ...ports, mailbox: stopping(ports.mailbox) }) };
}

/** The age of a letter is the current wall clock minus the wall clock when it arrived. */
export const datedLetters: RunOptions = {
  mix: only("years"),
  alterPorts: (ports) => ({ ...ports, mailbox: dated(ports.mailbox, ports.clock) }),
};

function dated(mailbox: Mailbox, clock: Clock): Mailbox {
  const cameMs = new Map<string, number>();
  const isFresh = ({ mid }: QueuedMessage): boolean =>
    clock.nowMs() - (cameMs.get(mid) ?? Infinity) < limits.maxMailboxAgeMs;
  return wrapped(mailbox, {
    append: (account, letter, done) => {
      cameMs.set(letter.mid, clock.nowMs());
      mailbox.append(account, letter, done);
    },
    read: (account, afterSeq, bounds, done) =>
      mailbox.read(account, afterSeq, bounds, (letters) => {
        if (letters === "failed") done(letters);
        else {
          for (const letter of letters) if (!isFresh(letter)) mailbox.remove(account, letter.seq);
          done(letters.filter(isFresh));
        }
      }),
  });
}

/** The same for a token. */
export const datedTokens: RunOptions = {
  mix: only("years"),
  alterPorts: ({ tokens, ...ports }) => {
    const { clock } = ports;
    const issuedMs = new Map<string, number>();
    const altered = wrapped(tokens, {
      find: (token) => {
        const age = clock.nowMs() - (issuedMs.get(token) ?? Infinity);
        return age < limits.tokenAgeMs ? tokens.find(token) : undefined;
      },
      issue: async (grant, password) => {
        const issued = await tokens.issue(grant, password);
        if (issued !== "failed") issuedMs.set(issued.token, clock.nowMs());
        return issued;
      },
    });
    return { ...ports, tokens: altered };
  },
};
