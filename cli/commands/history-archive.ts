// export, import, delete-conversation: work on the history as a whole. Files are read and written in parts, so their size
// does not matter.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { open, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { NotPrinted, print } from "../../base/print.ts";
import { exportHistory, importEnd, importLines, importStart } from "../../protocol/api/archive.ts";
import { deleteConversation } from "../../protocol/api/removal.ts";
import { ArchiveCount, cutOff, readArchiveEvent, readArchiveHeader } from "../../protocol/api/archive-lines.ts";
import { failure } from "../../protocol/errors.ts";
import { jsonWithoutHidden } from "../../protocol/text/hidden-characters.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { messageOf } from "../../base/error-message.ts";
import { linesOf } from "./archive-file.ts";
import type { CliCommand, ExitCode } from "./command-context.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import { isYes } from "../terminal/prompt.ts";
import { findConversation } from "../connection/find-conversation.ts";

/** Limits of one request, in characters and lines. */
const partLength = 512 * 1_024;
const partLines = 2_000;

export const exportCommand: CliCommand = async (context) => {
  const { words, output } = context;
  const [path = "", ...name] = words;
  const daemon = await context.connect();
  const conversation = await findConversation({ ...context, words: name }, daemon);
  if (typeof conversation === "object") return output.refused(conversation);
  let file: FileHandle | undefined;
  try {
    file = path === "-" ? undefined : await open(path, "wx", 0o600);
  } catch (error) {
    return output.refused(failure("bad_request", whyNotWritten(path, error)));
  }
  const messages = await exportTo(file ?? "standard output", daemon, conversation).catch(async (error: unknown) => {
    await discard(file, path);
    throw error;
  });
  if (typeof messages === "object") {
    await discard(file, path);
    return output.refused(messages);
  }
  if (file) output.result(`Exported ${counted(messages, "message")} to ${path}.`, { file: path, messages });
  return 0;
};

/** Exports everything and closes the file. @returns how many messages there were */
async function exportTo(
  target: FileHandle | "standard output",
  daemon: DaemonConnection,
  conversation: ConversationId | undefined,
): Promise<number | Failure> {
  const inFile = typeof target === "object";
  let messages = 0;
  for (let after: string | undefined; ;) {
    const asked = { ...(conversation !== undefined && { conversation }), ...(after !== undefined && { after }) };
    const part = await daemon.request(exportHistory, asked);
    if (!part.ok) return part;
    const text = part.lines.map((line) => `${line}\n`).join("");
    try {
      // `write` of a file handle may write only a part.
      if (inFile) await target.appendFile(text);
      // The output may be a terminal; in JSON, hidden characters are escaped without changing the content.
      else await print(jsonWithoutHidden(text));
      if (inFile && part.next === undefined) {
        await target.sync();
        await target.close();
      }
    } catch (error) {
      if (!(error instanceof NotPrinted)) {
        return failure("unavailable", `The file cannot be written: ${messageOf(error)}.`);
      }
      return error.readerGone ? messages : failure("unavailable", error.message);
    }
    messages += part.lines.filter((line) => line.startsWith('{"event":"message"')).length;
    if (part.next === undefined) return messages;
    after = part.next;
  }
}

async function discard(file: FileHandle | undefined, path: string): Promise<void> {
  if (!file) return;
  await file.close().catch(() => undefined);
  await rm(path, { force: true });
}

function whyNotWritten(path: string, error: unknown): string {
  const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
  return exists
    ? `${path} exists already. Choose another name, or remove it.`
    : `${path} cannot be written: ${messageOf(error)}.`;
}

/** Reads and checks the whole file first, so that a faulty one changes nothing. */
export const importCommand: CliCommand = async (context) => {
  const { words, options, output } = context;
  const [path = ""] = words;
  const checked = await check(path);
  if (typeof checked === "string") return output.refused(failure("bad_request", checked));
  const daemon = await context.connect();
  const started = await daemon.request(importStart, { header: checked.header, adopt: options.as });
  if (!started.ok) return output.refused(started);
  const { id } = started;
  const sent = await sendLines(path, daemon, id);
  if (sent) return output.refused(sent);
  const done: Outcome<{ messages: number; acts: number }> = await daemon.request(importEnd, { id });
  if (!done.ok) return output.refused(done);
  const { messages, acts } = done;
  const more =
    acts === 0 ? "" : ` and ${counted(acts, "edit, deletion or reaction", "edits, deletions and reactions")}`;
  const text =
    messages + acts === 0 ? "Everything in it was here already." : `Imported ${counted(messages, "message")}${more}.`;
  output.result(text, { messages, changes: acts });
  return 0;
};

/** @returns the first line, or the reason why the file cannot be imported */
async function check(path: string): Promise<{ readonly header: string } | string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return `${path} is no file.`;
    const count = new ArchiveCount();
    let header: string | undefined;
    let number = 0;
    for await (const line of linesOf(path)) {
      number += 1;
      if (header === undefined) {
        const read = readArchiveHeader(line);
        if (typeof read === "string") return `${read} Nothing was imported.`;
        header = line;
      } else if (line.trim() !== "") {
        const event = readArchiveEvent(line, number);
        const wrong = typeof event === "string" ? event : event && count.take(event, number);
        if (wrong !== undefined) return `${wrong} Nothing was imported.`;
      }
    }
    if (header === undefined) return `${path} is empty.`;
    return count.isWhole ? { header } : `${cutOff} Nothing was imported.`;
  } catch (error) {
    return `${path} cannot be read: ${messageOf(error)}`.replace(/[^.]$/, "$&.");
  }
}

/** @returns the reason for a refusal */
async function sendLines(path: string, daemon: DaemonConnection, id: string): Promise<Failure | undefined> {
  let lines: string[] = [];
  let length = 0;
  let isHeader = true;
  const send = async (): Promise<Failure | undefined> => {
    const outcome = await daemon.request(importLines, { id, lines });
    [lines, length] = [[], 0];
    return outcome.ok ? undefined : outcome;
  };
  for await (const line of linesOf(path)) {
    if (!isHeader) {
      lines.push(line);
      length += line.length;
    }
    isHeader = false;
    const refused = length >= partLength || lines.length >= partLines ? await send() : undefined;
    if (refused) return refused;
  }
  return lines.length > 0 ? await send() : undefined;
}

export const deleteCommand: CliCommand = async (context): Promise<ExitCode> => {
  const { options, output, terminal } = context;
  if (!options.yes && !terminal.interactive) {
    output.failure(failure("bad_request", "Say --yes where nobody can be asked."));
    return 2;
  }
  const daemon = await context.connect();
  const conversation = await findConversation(context, daemon);
  if (typeof conversation === "object") return output.refused(conversation);
  if (conversation === undefined) return output.refused(failure("bad_request", "There is no such conversation."));
  const name = isEveryone(conversation) ? "everyone" : (context.words[0] ?? "");
  if (!options.yes) {
    const others = isEveryone(conversation) ? "Others keep theirs" : `${name} keeps theirs`;
    const question =
      `This deletes all messages with ${name} on this machine, with the draft and what was not sent yet. ` +
      `They cannot be brought back. ${others}, and what is sent later arrives as usual.\nDelete them? [y/N] `;
    if (!isYes(await terminal.ask(question))) {
      output.hint("Nothing was deleted.");
      return 1;
    }
  }
  const outcome = await daemon.request(deleteConversation, { conversation });
  if (!outcome.ok) return output.refused(outcome);
  for (const file of outcome.remains) output.notice(`This file may hold it still: ${file}`);
  output.result(`The conversation with ${name} is deleted.`, { ok: true, remains: outcome.remains });
  return 0;
};

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
