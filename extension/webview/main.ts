// The chat panel's page: puts list, banner and composer together and keeps them in step with what the host says. Holds
// nothing that matters: messages are the daemon's, and what was written is kept in the webview's state until it is stored.

import type { ChatMessage } from "../../protocol/editor/model.ts";
import type { ToPanel } from "../../protocol/panel/messages.ts";
import { BannerView } from "./banner-view.ts";
import { Composer } from "./composer.ts";
import type { Writing } from "./composer.ts";
import { isStored, ownedBy, refused, sending, stored } from "./draft.ts";
import { connectHost } from "./host.ts";
import { LogView } from "./log-view.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";
import { isRefused } from "./timeline.ts";

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
let whom: Whom = {
  everyone: conversation === "everyone",
  name: host.state.name,
  presence: "offline",
  refuses: false,
};
/** Nothing that was written is shown before the host said who is signed in, or that it does not know. */
let writing: Writing | undefined;
let linked = false;

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
log.setWhom(whom);
composer.show(whom, writing);
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
      setWriting(message.writing, message.account);
      setWhom({ ...whom, name: name === "" ? whom.name : name, presence });
      banner.show(message.banner);
      if (message.linked && !linked) composer.recovered();
      ({ linked } = message);
      return;
    }
    case "loaded": {
      if (writing === "closed") return;
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
      settle(message);
      return;
    case "focus":
      composer.focus();
      return;
  }
}

/** Whoever is signed in sees and sends what they wrote themselves, and nobody's while nobody is. */
function setWriting(next: Writing, account: string | undefined): void {
  const left = account !== undefined && host.state.account !== undefined && host.state.account !== account;
  if (next === writing && !left) return;
  if (account !== undefined) remember(ownedBy(host.state, account));
  if (left) remember({ anchor: undefined });
  const anew = left || next === "closed" || writing === "closed";
  if (anew) {
    messages = [];
    more = loaded = false;
    newFrom = undefined;
    doubtful = host.state.pending.map((each) => each.ticket);
    composer.setProblem("");
  }
  writing = next;
  composer.setDraft(writing === "closed" ? "" : host.state.draft);
  composer.show(whom, writing);
  if (anew) draw(true);
}

function emptyWords(): string {
  if (writing === "closed") return texts.signedOut(whom);
  return loaded ? texts.empty(whom) : texts.loading;
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
  const refuses = isRefused(messages);
  if (refuses !== whom.refuses) {
    whom = { ...whom, refuses };
    composer.show(whom, writing);
  }
  const late = (writing === "closed" ? [] : host.state.pending).filter(
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
  log.draw({ messages: [...messages, ...onTheirWay], empty: emptyWords(), more, newFrom, bulk, top });
  tellSeen();
}

function sendDraft(): void {
  const ticket = crypto.randomUUID();
  const { draft: text, account } = host.state;
  if (writing !== "open" || account === undefined) return;
  const next = sending(host.state, ticket, Date.now());
  if (next === undefined) return;
  newFrom = undefined;
  remember(next);
  composer.setDraft("");
  host.post({ kind: "send", ticket, text, account });
  setTimeout(() => draw(false), patienceMs + 50);
  log.toEnd();
}

function settle({ ticket, outcome, reason, passing }: Extract<ToPanel, { kind: "settled" }>): void {
  if (!host.state.pending.some((each) => each.ticket === ticket)) {
    if (outcome !== "unknown") settleShelved(ticket, outcome);
    return;
  }
  if (outcome === "stored") remember(stored(host.state, ticket));
  else if (outcome === "refused") putBack(ticket, `${reason ?? ""} ${texts.kept}`.trim(), passing);
  else if (loaded) settleDoubtful(ticket);
  else doubtful.push(ticket);
  if (loaded) draw(false);
}

/** It was sent by an account that has left since. */
function settleShelved(ticket: string, outcome: "stored" | "refused"): void {
  const settled = outcome === "stored" ? stored : refused;
  remember({ shelved: host.state.shelved?.map((each) => settled(each, ticket)) });
}

function settleDoubtful(ticket: string): void {
  if (!host.state.pending.some((each) => each.ticket === ticket)) return; // the host told meanwhile
  if (isStored(ticket, messages)) remember(stored(host.state, ticket));
  else putBack(ticket, texts.doubtful);
}

function putBack(ticket: string, problem: string, passing = false): void {
  remember(refused(host.state, ticket));
  if (writing === "closed") return;
  composer.setDraft(host.state.draft);
  composer.setProblem(problem, passing);
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
  composer.show(whom, writing);
  if (next.name !== host.state.name) remember({ name: next.name });
  if (changed && (loaded || writing === "closed")) draw(false);
}

function merged(changes: readonly ChatMessage[]): readonly ChatMessage[] {
  const bySeq = new Map(messages.map((each) => [each.seq, each]));
  for (const each of changes) bySeq.set(each.seq, each);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function remember(change: Parameters<typeof host.setState>[0]): void {
  host.setState(change);
}
