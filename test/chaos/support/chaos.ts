// How a chaos test is written: at one of two scales (CHAT_ROOM_CHAOS=large), with a seed (CHAT_ROOM_SEED) that every
// failure prints with the command to repeat it, and with a reason if this machine cannot run it.

import { skip } from "../../support/skip.ts";
import { Chance } from "./chance.ts";

export const large = process.env["CHAT_ROOM_CHAOS"] === "large";

/** Returns an amount: the first for every change, the second before a release. */
export function scaled(small: number, atLarge: number): number {
  return large ? atLarge : small;
}

export const seed = Number(process.env["CHAT_ROOM_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

interface ChaosOptions {
  /** Returns the reason why it cannot run here; undefined if it can. */
  unable?(): string | undefined;
}

/** A mocha test whose randomness comes from the seed and its own title. */
export function chaos(title: string, body: (chance: Chance) => Promise<void>, options: ChaosOptions = {}): void {
  it(title, async function () {
    const unable = options.unable?.();
    if (unable !== undefined) skip(this, unable);
    await repeatable(title, body);
  });
}

export interface Case {
  readonly title: string;
  /** @returns what is reported beside the test's line */
  readonly body: (chance: Chance) => Promise<string>;
}

/** Tests that mostly wait for a deadline: all of them run during the first one, and each has its own outcome. */
export function chaosAtOnce(cases: readonly Case[]): void {
  let running: readonly Promise<string>[] | undefined;
  for (const [index, { title }] of cases.entries()) {
    it(title, async () => {
      running ??= cases.map(async (each) => await repeatable(each.title, each.body));
      // A failure of another case is reported in its own test.
      void Promise.allSettled(running);
      report((await running[index]) ?? "");
    });
  }
}

async function repeatable<T>(title: string, body: (chance: Chance) => Promise<T>): Promise<T> {
  try {
    return await body(new Chance(mix(title)));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${howToRepeat(title)}`, {
      cause: error,
    });
  }
}

/** Reports a figure of this run beside the test's line. */
export function report(line: string): void {
  console.log(`      ${line}`);
}

function mix(title: string): number {
  let mixed = seed;
  for (const character of title) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return mixed;
}

function howToRepeat(title: string): string {
  const scale = large ? "CHAT_ROOM_CHAOS=large " : "";
  const part = title.replaceAll("'", String.raw`'\''`);
  return (
    `seed ${seed}; to repeat: ${scale}CHAT_ROOM_SEED=${seed} ` +
    `npx mocha --timeout 600000 'test/chaos/**/*.test.ts' --fgrep '${part}'`
  );
}
