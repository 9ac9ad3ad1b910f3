// The chat panel's page: puts list, banner and composer together and keeps them in step with what the host says. Holds
// nothing that matters: messages are the daemon's, and what was written is kept in the webview's state until it is stored.

import type { ChatMessage } from "../../protocol/editor/model.ts";
import type { ToPanel } from "../../protocol/panel/messages.ts";
import { BannerView } from "./banner-view.ts";
import { Composer } from "./composer.ts";
import { isStored, refused, sending, stored } from "./draft.ts";
import { connectHost } from "./host.ts";
import { LogView } from "./log-view.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";

/** A text that is on its way for longer is shown. */
const patienceMs = 400;

const host = connectHost();
let messages: readonly ChatMessage[] = [];
let more = false;
let newFrom: number | undefined;
let loaded = false;
let seen = 0;
/** Sendings of which the host knows nothing, until the history tells. */
let doubtful: string[] = [];
const { conversation } = host.state;
let whom: Whom = { everyone: conversation === "everyone", name: host.state.name, presence: "offline" };

const log = new LogView({
  open: (url) => host.post({ kind: "open", url }),
  retry: (mid) => host.post({ kind: "retry", mid }),
  older: () => host.post({ kind: "older" }),
  moved: (anchor) => {
    if (!loaded) return;
    if (anchor !== host.state.anchor) remember({ anchor });
    tellSeen();
  },
});
const banner = new BannerView((action) => host.post({ kind: "act", action }));
const composer = new Composer({ typed: (draft) => remember({ draft }), send: sendDraft });

document.getElementById("chat")?.append(log.root, banner.root, composer.root);
setWhom(whom);
composer.setDraft(host.state.draft);
host.onMessage(take);
document.addEventListener("visibilitychange", tellSeen);
host.post({
  kind: "ready",
  ...(host.state.anchor !== undefined && { anchor: host.state.anchor }),
  pending: host.state.pending.map((each) => each.ticket),
});

function take(message: ToPanel): void {
  switch (message.kind) {
    case "head": {
      const { name, presence } = message.contact;
      setWhom({ ...whom, name: name === "" ? whom.name : name, presence });
      banner.show(message.banner);
      return;
    }
    case "loaded": {
      ({ messages, more } = message);
      newFrom = message.newFrom;
      seen = 0;
      showLoaded();
      return;
    }
    case "older":
      messages = [...message.messages, ...messages];
      more = message.more;
      draw(true);
      return;
    case "changed":
      messages = merged(message.messages);
      draw(false);
      return;
    case "unreadable":
      messages = [];
      draw(true);
      log.setNote(texts.unreadable(message.reason));
      return;
    case "settled":
      settle(message.ticket, message.outcome, message.reason);
      return;
    case "focus":
      composer.focus();
      return;
  }
}

function showLoaded(): void {
  const { anchor } = host.state;
  const first = !loaded;
  loaded = true;
  for (const ticket of doubtful) settleDoubtful(ticket);
  doubtful = [];
  draw(true, first ? (anchor ?? newFrom) : undefined);
}

function draw(bulk: boolean, top?: number): void {
  const late = host.state.pending.filter(
    (each) =>
      Date.now() - each.atMs >= patienceMs && !doubtful.includes(each.ticket) && !isStored(each.ticket, messages),
  );
  const last = messages.at(-1)?.seq ?? 0;
  const onTheirWay = late.map((each, index): ChatMessage => ({
    conversation,
    seq: last + index + 1,
    mid: each.ticket,
    from: "You",
    own: true,
    text: each.text,
    sentAtMs: each.atMs,
    state: "sending",
  }));
  log.draw({ messages: [...messages, ...onTheirWay], more, newFrom, bulk, top });
  tellSeen();
}

function sendDraft(): void {
  const ticket = crypto.randomUUID();
  const text = host.state.draft;
  const next = sending(host.state, ticket, Date.now());
  if (next === undefined) return;
  newFrom = undefined;
  remember(next);
  composer.setDraft("");
  host.post({ kind: "send", ticket, text });
  setTimeout(() => draw(false), patienceMs + 50);
  log.toEnd();
}

function settle(ticket: string, outcome: "stored" | "refused" | "unknown", reason: string | undefined): void {
  if (outcome === "stored") remember(stored(host.state, ticket));
  else if (outcome === "refused") putBack(ticket, `${reason ?? ""} ${texts.kept}`.trim());
  else if (loaded) settleDoubtful(ticket);
  else doubtful.push(ticket);
  if (loaded) draw(false);
}

function settleDoubtful(ticket: string): void {
  if (isStored(ticket, messages)) remember(stored(host.state, ticket));
  else putBack(ticket, texts.doubtful);
}

function putBack(ticket: string, problem: string): void {
  remember(refused(host.state, ticket));
  composer.setDraft(host.state.draft);
  composer.setProblem(problem);
}

function tellSeen(): void {
  const newest = messages.at(-1)?.seq ?? 0;
  if (!loaded || !log.atEnd || newest <= seen || document.visibilityState !== "visible") return;
  seen = newest;
  host.post({ kind: "seen", upTo: newest });
}

function setWhom(next: Whom): void {
  const changed = JSON.stringify(next) !== JSON.stringify(whom);
  whom = next;
  log.setWhom(whom);
  composer.setWhom(whom);
  if (next.name !== host.state.name) remember({ name: next.name });
  if (changed && loaded) draw(false);
}

function merged(changes: readonly ChatMessage[]): readonly ChatMessage[] {
  const bySeq = new Map(messages.map((each) => [each.seq, each]));
  for (const each of changes) bySeq.set(each.seq, each);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function remember(change: Parameters<typeof host.setState>[0]): void {
  host.setState(change);
}
