// What the page of a chat asks of the daemon that does not belong to a kind of conversation event: storing the draft,
// searching, and setting the person's presence. No vscode.

import { search, setDraft, setPresence } from "../../protocol/api/conversation.ts";
import { statusWords } from "../status/presence-text.ts";
import { t } from "../ui/l10n.ts";
import type { Handlers, PanelContext } from "./kinds/kind.ts";

const hitsPerPage = 50;
/** Parts of 2 s without a hit; after that the person decides whether to continue. */
const maxParts = 30;

export function pageRequests(panel: PanelContext): Handlers<"draft" | "find" | "status"> {
  const { daemon, conversation, channel } = panel;
  let searches = 0;
  return {
    async draft({ account, text }) {
      if (account !== panel.account()) return;
      const outcome = await daemon.request(setDraft, { conversation, text });
      if (outcome.ok) channel.post({ kind: "draft", account, text, revision: outcome.revision, kept: true });
    },
    /** Continues a search that has taken long without a hit, until another search starts. */
    async find({ text, before }) {
      const account = panel.account();
      const own = (searches += 1);
      for (let [from, part] = [before, 1]; ; part += 1) {
        const asked = { text, conversation, limit: hitsPerPage, ...(from !== undefined && { before: from }) };
        const outcome = await daemon.request(search, asked);
        // Continuing would replace the later search, or search another account's messages.
        if (own !== searches || account !== panel.account()) return;
        if (!outcome.ok) {
          channel.post({ kind: "found", text, hits: [], refused: outcome.reason });
          return;
        }
        const { hits, next } = outcome;
        if (hits.length > 0 || next === undefined || part === maxParts) {
          const found = hits.map((hit) => hit.message);
          channel.post({ kind: "found", text, hits: found, ...(next !== undefined && { next }) });
          return;
        }
        from = next;
      }
    },
    async status({ state, text }) {
      const outcome = await daemon.request(setPresence, { state, ...(text !== "" && { text }) });
      if (outcome.ok) channel.post({ kind: "notice", text: t("Your status: {0}", statusWords(state)), failed: false });
      channel.postRefusal(outcome);
    },
  };
}
