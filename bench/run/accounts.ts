// Accounts of our server, created once through `register` and `auth` as by any client, and kept as a data folder with the
// tokens beside it. Every round starts with a copy, so that Argon2id runs only once.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mailboxesPerSender, names } from "../load/job.ts";
import type { Scenario } from "../load/job.ts";
import { enrol, inParallel } from "../load/sign-in.ts";
import type { Options } from "./options.ts";
import { startServer } from "./servers.ts";

export interface Seed {
  readonly data: string;
  readonly tokensFile: string;
}

/** Two hashes run at once in the server; a few more wait in its queue. */
const width = 6;

export async function prepareAccounts(
  scenario: Scenario,
  options: Options,
  place: { root: string; folder: string },
): Promise<Seed> {
  const idle = scenario === "idle";
  const kept = join(place.root, ".build/bench-data", idle ? `idle-${options.sessions}` : `talk-${options.pairs}`);
  const seed: Seed = { data: join(kept, "data"), tokensFile: join(kept, "tokens.json") };
  const users = idle ? idleUsers(options.sessions) : talkUsers(options.pairs);
  if (existsSync(seed.tokensFile) && !(options.fresh && !made.has(kept))) {
    const known = JSON.parse(readFileSync(seed.tokensFile, "utf8")) as Record<string, string>;
    if (users.every((user) => Object.hasOwn(known, user))) return seed;
  }
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  console.error(`making ${users.length} accounts in ${kept}: once, about ${Math.ceil(users.length / 15)} s`);
  const server = await startServer("ours", options, {
    bench: join(place.root, "bench"),
    folder: place.folder,
    seed: undefined,
    data: seed.data,
    unpinned: true,
  });
  try {
    const tokens = await inParallel(users, width, (user) => enrol(server, user));
    await server.stop();
    writeFileSync(seed.tokensFile, JSON.stringify(Object.fromEntries(users.map((user, at) => [user, tokens[at]]))));
  } finally {
    await server.stop();
  }
  made.add(kept);
  return seed;
}

/** What `--fresh` has already created in this run. */
const made = new Set<string>();

function idleUsers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => names.idle(index));
}

function talkUsers(pairs: number): string[] {
  const users: string[] = [names.broadcaster];
  for (let pair = 0; pair < pairs; pair += 1) {
    users.push(names.sender(pair), names.recipient(pair));
    for (let box = 0; box < mailboxesPerSender; box += 1) users.push(names.mailbox(pair, box));
  }
  return users;
}
