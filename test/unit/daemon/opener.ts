// Opens histories in a home like the daemon, all on this thread.

import { mergeHistory } from "../../../daemon/history/merge/merge.ts";
import { createOpener } from "../../../daemon/history/open/open-history-file.ts";
import type { Aside } from "../../../daemon/history/open/history-file.ts";
import type { OpenedHistory, Opening } from "../../../daemon/history/open/open-history-file.ts";
import type { ParamsOf } from "../../../daemon/history/thread/jobs.ts";
import { prepare } from "../../../daemon/history/thread/prepare.ts";
import type { Account } from "../../../protocol/api/model.ts";
import type { Pin } from "../../../protocol/pin.ts";

export const inline: Aside = (path, kind, params) => {
  const { owner, source } = params as ParamsOf<"merge">;
  if (kind === "prepare") prepare(path, owner);
  const answer: unknown = kind === "merge" ? mergeHistory(path, source, owner) : undefined;
  return Promise.resolve(answer as never);
};

/** @param servers their keys, by address */
export async function openIn(
  home: string,
  account: Account,
  servers: ReadonlyMap<string, Pin> = new Map(),
  added: Partial<Opening> = {},
): Promise<OpenedHistory> {
  return await createOpener({ home, servers: () => servers, aside: inline })({ account, nowMs: 0, ...added });
}
