// completion: prints the script for a shell, and answers that script. It never starts a daemon: names are completed only if
// one is running.

import { accounts } from "../../protocol/api/conversation.ts";
import { keyOfName } from "../../protocol/names.ts";
import { isHarmless, wantedAt } from "../parse/completion-candidates.ts";
import type { Candidate } from "../parse/completion-candidates.ts";
import type { CliCommand, Context } from "./command-context.ts";
import { openedSession } from "../connection/opened-session.ts";
import { filesMark, scripts } from "../parse/shell-scripts.ts";
import { shells } from "../parse/command-table.ts";

/** Short, because somebody is waiting at the keyboard. */
const timeoutMs = 1_000;

export const completion: CliCommand = async (context) => {
  const [given, ...words] = context.words;
  const { output } = context;
  if (given === "words") {
    output.raw(await answer(context, words));
    return 0;
  }
  const shell = shells.find((each) => each === given);
  if (shell === undefined || words.length > 0) {
    output.failure({ code: "bad_request", reason: `Usage: chat-room completion ${shells.join("|")}` });
    return 2;
  }
  output.raw(scripts[shell]);
  return 0;
};

async function answer(context: Context, words: readonly string[]): Promise<string> {
  const wanted = wantedAt(words);
  if (wanted === "file") return `${filesMark}\n`;
  const candidates = typeof wanted === "string" ? await namesOf(context, wanted) : wanted;
  const start = keyOfName(words.at(-1) ?? "");
  const fitting = candidates.filter(({ text }) => keyOfName(text).startsWith(start));
  return fitting.map(({ text, says }) => `${text}${says === undefined ? "" : `\t${says}`}\n`).join("");
}

/** Returns no names if no daemon answers, because completion must not print errors. */
async function namesOf(context: Context, kind: "contact" | "account"): Promise<Candidate[]> {
  const late = new Promise<string[]>((resolve) => context.clock.setTimer(timeoutMs, () => resolve([])));
  const names = await Promise.race([ask(context, kind).catch(() => []), late]);
  return names.filter(isHarmless).map((text) => ({ text }));
}

async function ask({ connectOnly }: Context, kind: "contact" | "account"): Promise<string[]> {
  const daemon = await connectOnly();
  if (!daemon) return [];
  if (kind === "contact") {
    const opened = await openedSession(daemon);
    return opened.ok ? opened.contacts.map(({ name }) => name).filter((name) => name !== "") : [];
  }
  const known = await daemon.request(accounts, {});
  return known.ok ? known.accounts.map(({ account }) => `${account.user}@${account.server}`) : [];
}
