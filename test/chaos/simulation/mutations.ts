// Deliberate defects, each of which breaks one promise from outside the product: through a wrapped port, a wrapped link, a
// disk that lies, or a history without its index. The simulation is worth as many of these as it finds.

import type { DatabaseSync } from "node:sqlite";
import type { UserKey } from "../../../protocol/ids.ts";
import type { History } from "../../../daemon/history/history.ts";
import { believing, eternalTokens, filtered, ForgetfulHistory, forgottenBlocks, withMailbox } from "./defects.ts";
import { datedLetters, datedTokens, forgetful, impatient, stubborn } from "./link-defects.ts";
import type { RunOptions } from "./run.ts";
import { wrapped } from "./wrapped.ts";

export interface Mutation {
  /** What is broken. */
  readonly name: string;
  /** The violation that must be reported. */
  readonly symptom: RegExp;
  readonly options: RunOptions;
  readonly makeHistory?: (database: DatabaseSync, owner: UserKey) => History;
}

export const mutations: readonly Mutation[] = [
  {
    name: "deduplication: the recipient does not know a message again",
    symptom: /twice|out of order/,
    options: {},
    makeHistory: (database, owner) => new ForgetfulHistory(database, owner),
  },
  {
    name: "deduplication: a letter gets another id in the mailbox",
    symptom: /twice|out of order/,
    options: withMailbox((mailbox) => {
      let last = 0;
      return wrapped(mailbox, {
        append: (account, letter, receipt) =>
          mailbox.append(account, { ...letter, mid: `${letter.mid}~${(last += 1)}` as typeof letter.mid }, receipt),
      });
    }),
  },
  {
    name: "fsync: the server answers before its commit is safe",
    symptom: /lost|has ended was accepted|was refused for|block/,
    options: { prepare: ({ server }) => (server.machine.disk.syncLagMs = 2_000) },
  },
  {
    name: "fsync: a daemon acknowledges before its commit is safe",
    symptom: /lost|twice|out of order|again/,
    options: {
      prepare: ({ daemons }) => {
        for (const { machine } of daemons) machine.disk.syncLagMs = 2_000;
      },
    },
  },
  {
    name: "session: a token that was replaced still opens the account",
    symptom: /has ended was accepted/,
    options: { alterPorts: eternalTokens },
  },
  {
    name: "session: the loser of a login is not told",
    symptom: /was not told/,
    options: filtered(({ type }) => type !== "kill"),
  },
  {
    name: "block: nobody is blocked",
    // Their messages arrive, or others see that they are online [P-4.5].
    symptom: /somebody they block|who blocks them/,
    options: {
      alterPorts: (ports) => ({
        ...ports,
        blocks: wrapped(ports.blocks, { has: () => false, isBlocked: () => false }),
      }),
    },
  },
  {
    name: "block: it is only kept in memory",
    // A person is hidden by a block that is on no disk.
    symptom: /block|sees .* as offline, not/,
    options: { alterPorts: forgottenBlocks },
  },
  {
    name: "consent: every question is taken for answered with yes",
    symptom: /without the consent/,
    options: {
      alterLink: (link, connect) => {
        const events = connect(link);
        return wrapped(events, {
          frame: (frame) => {
            const answer = frame.kind === "object" && "result" in frame.value;
            events.frame(answer ? { kind: "object", value: { ...frame.value, result: "ok" } } : frame);
          },
        });
      },
    },
  },
  {
    name: "order: a mailbox is read from its end",
    symptom: /out of order/,
    options: withMailbox((mailbox) =>
      wrapped(mailbox, {
        read: (account, afterSeq, bounds, done) =>
          mailbox.read(account, afterSeq, bounds, (letters) =>
            done(letters === "failed" ? letters : letters.toReversed()),
          ),
      }),
    ),
  },
  {
    name: "mailbox: a letter is removed when it is handed out",
    symptom: /lost|nowhere/,
    options: withMailbox((mailbox) =>
      wrapped(mailbox, {
        read: (account, afterSeq, bounds, done) =>
          mailbox.read(account, afterSeq, bounds, (letters) => {
            if (letters !== "failed") for (const { seq } of letters) mailbox.remove(account, seq);
            done(letters);
          }),
      }),
    ),
  },
  {
    name: "answers: one kind of request is swallowed",
    symptom: /has no answer|without faults/,
    options: {
      alterLink: (link, connect) => {
        const events = connect(link);
        return wrapped(events, {
          frame: (frame) => {
            const swallowed = frame.kind === "object" && frame.value["type"] === "users" && "id" in frame.value;
            if (!swallowed) events.frame(frame);
          },
        });
      },
    },
  },
  {
    name: "answers: every answer to a message is sent twice",
    symptom: /nothing asked for/,
    options: {
      alterLink: (link, connect) =>
        connect(
          wrapped(link, {
            send: (line) => {
              if (line.includes('"delivery"')) link.send(line);
              return link.send(line);
            },
          }),
        ),
    },
  },
  {
    name: "readings: what a link took counts as read",
    symptom: /lost/,
    options: believing,
  },
  {
    name: "slow line: what has no answer after 10 s is pushed again",
    symptom: /twice on one link/,
    options: impatient,
  },
  {
    name: "late acknowledgement: it does not take the letter out of the mailbox",
    symptom: /again, which was acknowledged|letters wait|lost/,
    options: forgetful,
  },
  {
    name: "refusal: everything waits behind a letter that is refused",
    symptom: /letters wait|lost/,
    options: stubborn(),
  },
  {
    name: "clock: the age of a letter is read off the wall clock",
    symptom: /lost|nowhere/,
    options: datedLetters,
  },
  {
    name: "clock: the age of a token is read off the wall clock",
    symptom: /was refused for/,
    options: datedTokens,
  },
  {
    name: "port: a session that was opened over TLS is called in the clear",
    symptom: /the server calls/,
    options: {
      alterLink: (link, connect) => connect(wrapped(link, { secure: false, peerKey: undefined })),
    },
  },
  {
    name: "presence: who leaves is not missed",
    symptom: /sees .* as/,
    options: filtered(({ type }) => type !== "offline"),
  },
];
