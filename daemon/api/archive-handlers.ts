// Handlers for the requests of `protocol/api/archive.ts` and `removal.ts`. They only call other modules.

import { createHash } from "node:crypto";
import { failure } from "../../protocol/errors.ts";
import { archiveFormat, archiveVersion } from "../../protocol/api/archive-lines.ts";
import type { AccountSession } from "../account/account-session.ts";
import { messageOf } from "../../base/error-message.ts";
import type { DaemonApi } from "./api.ts";
import type { HistoryCare } from "../history/upkeep/history-care.ts";
import { storageTrouble } from "../history/open/storage-errors.ts";
import type { Preferences } from "../identity/preferences.ts";
import type { Imports } from "../history/import/imports.ts";
import type { Clock } from "../../base/clock.ts";
import type { Engine } from "../engine/engine.ts";

export interface ArchiveDeps {
  readonly engine: Engine;
  readonly account: AccountSession;
  readonly care: HistoryCare;
  readonly imports: Imports;
  readonly preferences: Preferences;
  readonly clock: Clock;
  keyOf(server: string): string | undefined;
}

type ArchiveService = Pick<
  DaemonApi,
  "deleteConversation" | "setRetention" | "exportHistory" | "importStart" | "importLines" | "importEnd"
>;

export function createArchiveHandlers(parts: ArchiveDeps): ArchiveService {
  const { engine, account, care, imports, preferences, clock } = parts;
  return {
    deleteConversation: async ({ conversation }) => {
      const outcome = engine.execute({ kind: "deleteConversation", conversation });
      if (!outcome.ok) return outcome;
      try {
        return { ok: true, remains: await care.purge() };
      } catch (error) {
        // Readers no longer see the conversation; its rows are removed by the next upkeep run.
        return failure("unavailable", storageTrouble(error));
      }
    },
    setRetention: ({ days }) => {
      try {
        // Every window sends the setting when it opens.
        if (days === preferences.keptDays) return { ok: true };
        preferences.keepDays(days);
      } catch (error) {
        return failure("unavailable", `That cannot be stored on this machine: ${messageOf(error)}.`);
      }
      care.retentionChanged();
      return { ok: true };
    },
    exportHistory: async ({ conversation, after }) => {
      const opened = await account.opened();
      const { me } = engine.state;
      engine.flush();
      if (!opened || !me || !care.reader) return failure("not_authenticated", "Sign in first.");
      const tag = tagOf(opened.file.path);
      if (after !== undefined && !after.startsWith(tag)) return failure("denied", anotherIsOpen);
      const { user, server } = me.account;
      const serverKey = parts.keyOf(server);
      const header = {
        ...({ format: archiveFormat, version: archiveVersion } as const),
        account: { user, server, ...(serverKey !== undefined && { serverKey }) },
        exportedAt: new Date(clock.nowMs()).toISOString(),
        ...(conversation !== undefined && { conversation }),
      };
      const part = await care.reader.export({ header, conversation, after: after?.slice(tag.length) });
      return part.ok && part.next !== undefined ? { ...part, next: tag + part.next } : part;
    },
    importStart: ({ header, adopt }) => imports.start(header, adopt),
    importLines: ({ id, lines }) => imports.add(id, lines),
    importEnd: ({ id }) => imports.end(id),
  };
}

const anotherIsOpen = "Another account was signed in meanwhile. Export it again.";

/** Returns a tag of the history file that starts every `next`: all parts of an export must come from the same history. */
function tagOf(path: string): string {
  return `${createHash("sha256").update(path).digest("hex").slice(0, 12)} `;
}
