// The chat panel's page: puts its parts together and keeps them in step with what the host says. Holds nothing that
// matters: messages are the daemon's, and what was written is kept in the webview's state until it is stored.

import { host } from "./ready.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { ToPanel } from "../../protocol/panel/messages.ts";
import { BannerView } from "./banner-view.ts";
import { Composer } from "./composer.ts";
import type { Writing } from "./composer.ts";
import { DraftKeeper } from "./draft-keeper.ts";
import { FindBar } from "./find-bar.ts";
import { HeadView } from "./head-view.ts";
import { LogView } from "./log-view.ts";
import { MessageToolbar } from "./message-toolbar.ts";
import type { Setting } from "./rows.ts";
import { slashCommands, slashOf, spoken } from "./slash.ts";
import type { SlashCommand } from "./slash.ts";
import { nothing, withChanged, withNewer, withOlder } from "./stretch.ts";
import type { Stretch } from "./stretch.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";
import { isRefused } from "./timeline.ts";
import { TypingView } from "./typing-view.ts";
import { Written } from "./written.ts";

const helpForMs = 20_000;

const everyone = host.state.conversation === "everyone";
let stretch: Stretch = nothing;
let newFrom: number | undefined;
let loaded = false;
let linked = false;
/** Nothing that was written is shown before the host said who is signed in, or that it does not know. */
let writing: Writing | undefined;
let seen = 0;
/** What to do with the stretch that was asked for. */
let going: number | "end" | undefined;
let setting: Setting = {
  whom: { everyone, name: host.state.name, presence: "offline", refuses: false },
  names: { own: undefined, others: new Set() },
  ownName: "",
};

const { post } = host;
const drafts = new DraftKeeper(host);
const typing = new TypingView();
const banner = new BannerView((action) => post({ kind: "act", action }));
const head = new HeadView({ act: (action) => post({ kind: "act", action }), find: () => find.open() });
const find = new FindBar({
  find: (text, before) => post({ kind: "find", text, ...(before !== undefined && { before }) }),
  goTo,
  closed: (seq) => {
    if (seq === undefined || !log.focusOn(seq)) composer.focus();
  },
});
const composer: Composer = new Composer({
  typed: (text) => written.typed(text),
  send,
  attach: () => post({ kind: "attach", from: "any" }),
  editLast,
  cancel: () => written.cancel(),
});
const written: Written = new Written({
  host,
  composer,
  drafts,
  messages: () => stretch.messages,
  draw: () => draw(false),
});
const toolbar = new MessageToolbar(
  {
    reply: (message) => written.answer(message),
    edit: (message) => written.edit(message),
    remove: ({ mid }) => post({ kind: "remove", mid }),
    copy: ({ seq }) => post({ kind: "take", seq, to: "clipboard" }),
    react,
  },
  () => setting.ownName,
);
const log = new LogView(
  {
    open: (url) => post({ kind: "open", url }),
    retry: (mid) => post({ kind: "retry", mid }),
    takeCode: (seq, block, to) => post({ kind: "take", seq, block, to }),
    goTo,
    react,
    older: (before) => post({ kind: "older", before }),
    newer: (after) => post({ kind: "newer", after }),
    newest: () => {
      going = "end";
      post({ kind: "go", to: "newest" });
    },
    unread: () => post({ kind: "go", to: "unread" }),
    moved,
  },
  toolbar,
  () => composer.focus(),
);

document.getElementById("chat")?.append(head.root, find.root, log.root, typing.root, banner.root, composer.root);
log.setLabel(texts.log(setting.whom));
composer.show(setting.whom, writing);
document.addEventListener("visibilitychange", tellSeen);
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "f" || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  find.open();
});

const takers: { readonly [K in ToPanel["kind"]]: (message: Extract<ToPanel, { kind: K }>) => void } = {
  head: takeHead,
  loaded: takeLoaded,
  older: ({ before, messages, more }) => {
    if (stretch.messages[0]?.seq !== before) return;
    stretch = withOlder(stretch, messages, more);
    draw(true);
  },
  newer: ({ after, messages, more }) => {
    if (stretch.messages.at(-1)?.seq !== after) return;
    stretch = withNewer(stretch, messages, more);
    draw(true);
  },
  changed: ({ messages }) => {
    if (messages.some((each) => !each.own)) typing.hide();
    stretch = withChanged(stretch, messages, log.atEnd);
    draw(false);
  },
  unreadable: ({ reason }) => {
    stretch = nothing;
    draw(true);
    log.setNote(texts.unreadable(reason));
  },
  settled: (message) => {
    written.settle(message, loaded);
    if (loaded) draw(false);
  },
  focus: () => composer.focus(),
  names: takeNames,
  draft: (message) => {
    if (drafts.take(message)) written.show();
  },
  typing: () => typing.show(setting.whom.name),
  found: (message) => find.show(message),
  insert: ({ text }) => composer.insert(text),
  said: ({ text, failed }) => (failed ? composer.setProblem(text) : composer.mention(text)),
};

host.onMessage((message) => (takers[message.kind] as (message: ToPanel) => void)(message));

function takeHead(message: Extract<ToPanel, { kind: "head" }>): void {
  const { partner, linked: reached } = message;
  const anew = written.setWriting(message.writing, message.account);
  ({ writing } = message);
  if (anew) {
    stretch = nothing;
    newFrom = undefined;
    loaded = false;
  }
  const name = partner.name === "" ? setting.whom.name : partner.name;
  const whom: Whom = { ...setting.whom, name, presence: partner.presence };
  const changed = JSON.stringify(whom) !== JSON.stringify(setting.whom);
  setting = { ...setting, whom };
  log.setLabel(texts.log(whom));
  composer.show(whom, writing);
  head.show(partner, writing !== "closed");
  if (partner.presence === "offline") typing.hide();
  banner.show(message.banner);
  if (reached && !linked) composer.recovered();
  linked = reached;
  if (name !== host.state.name) host.setState({ name });
  if (anew || (changed && loaded)) draw(anew);
}

function takeLoaded(message: Extract<ToPanel, { kind: "loaded" }>): void {
  if (writing === "closed") return;
  const { messages, more, moreAfter } = message;
  const { anchor } = host.state;
  const top = going ?? message.top ?? (loaded ? undefined : (anchor ?? message.newFrom));
  const asked = going ?? message.top;
  stretch = { messages, more, moreAfter };
  newFrom = message.newFrom;
  seen = 0;
  loaded = true;
  going = undefined;
  written.loaded();
  draw(true, top);
  if (typeof asked === "number" && log.goTo(asked) && find.root.hidden) log.focusOn(asked);
}

function takeNames({ own, others }: Extract<ToPanel, { kind: "names" }>): void {
  const names = { own: own === undefined ? undefined : keyOfName(own), others: new Set(others.map(keyOfName)) };
  setting = { ...setting, names, ownName: own ?? "" };
  composer.setKnown({ names: others, everyone });
  if (loaded) draw(false);
}

function draw(bulk: boolean, top?: number | "end"): void {
  const refuses = isRefused(stretch.messages);
  if (refuses !== setting.whom.refuses) {
    setting = { ...setting, whom: { ...setting.whom, refuses } };
    composer.show(setting.whom, writing);
  }
  const late = stretch.moreAfter ? [] : written.onTheirWay();
  const drawn = { ...stretch, messages: [...stretch.messages, ...late] };
  log.draw({ stretch: drawn, setting, empty: emptyWords(), newFrom, bulk, top });
  tellSeen();
}

function emptyWords(): string {
  if (writing === "closed") return texts.signedOut(setting.whom);
  return loaded ? texts.empty(setting.whom) : texts.loading;
}

function send(): void {
  const slash = host.state.editing === undefined ? slashOf(host.state.draft) : undefined;
  if (slash !== undefined && slash.command.name !== "me") {
    drafts.keep("");
    written.show();
    run(slash.command.name, slash.rest);
    return;
  }
  if (slash !== undefined && writing === "open") host.setState({ draft: spoken(slash) });
  if (!written.send()) return;
  newFrom = undefined;
  log.toEnd();
}

function run(name: SlashCommand["name"], rest: string): void {
  if (name === "code") post({ kind: "attach", from: "selection" });
  else if (name === "search") find.open(rest);
  else if (name === "away" || name === "dnd") post({ kind: "status", state: name, text: rest.slice(0, 140) });
  else if (name === "back") post({ kind: "status", state: "available", text: rest.slice(0, 140) });
  else if (name === "direct") post({ kind: "act", action: "connectDirectly" });
  else if (name === "mute" || name === "block") post({ kind: "act", action: name });
  else composer.mention(texts.help(slashCommands.map((each) => `/${each.name}: ${texts.slash[each.name]}`)), helpForMs);
}

function goTo(seq: number): void {
  if (log.goTo(seq)) {
    if (find.root.hidden) log.focusOn(seq);
    return;
  }
  going = seq;
  post({ kind: "go", to: "seq", seq });
}

function react(seq: number, emoji: string, on: boolean): void {
  post({ kind: "react", seq, emoji, on });
}

function editLast(): void {
  const last = stretch.messages.findLast((each) => each.own && each.deleted !== true && each.state !== "failed");
  if (last !== undefined && !stretch.moreAfter) written.edit(last);
}

function moved(anchor: number | undefined): void {
  if (!loaded) return;
  if (anchor !== host.state.anchor) {
    host.setState({ anchor });
    post({ kind: "place", ...(anchor !== undefined && { anchor }) });
  }
  tellSeen();
}

function tellSeen(): void {
  const newest = stretch.messages.findLast((each) => !each.own)?.seq ?? 0;
  if (!loaded || !log.atEnd || newest <= seen || document.visibilityState !== "visible") return;
  seen = newest;
  post({ kind: "seen", upTo: newest });
}
