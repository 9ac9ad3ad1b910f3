// The chat panel's page: creates its parts and keeps them in step with what the host reports. Holds nothing that could be
// lost: the daemon has the messages, and the webview's state has what was written until it is stored.

import { host } from "./extension-host.ts";
import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { BannerView } from "./banner-view.ts";
import { ComposeState } from "./compose-state.ts";
import { FindBar } from "./find-bar.ts";
import { HeadView } from "./head-view.ts";
import type { PageContext, Setting } from "./kinds/kind.ts";
import { TypingView } from "./kinds/typing.ts";
import { MessageToolbar } from "./message-toolbar.ts";
import { MessageList } from "./message-list.ts";
import { slashCommandsFor } from "./slash-commands.ts";
import type { SlashCommand } from "./slash-commands.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";

const helpForMs = 20_000;

const everyone = isEveryone(host.state.conversation);
let linked = false;
let setting: Setting = {
  whom: { everyone, name: host.state.name, presence: "offline", unsure: true, refuses: false },
  names: { own: undefined, others: new Set() },
  ownName: "",
  verified: undefined,
};

const { post } = host;
const typing = new TypingView();
const banner = new BannerView((action) => post({ kind: "act", action }));
const head = new HeadView({ act: (action) => post({ kind: "act", action }), find: () => find.open() });
const find = new FindBar({
  find: (text, before) => post({ kind: "find", text, ...(before !== undefined && { before }) }),
  goTo: (seq) => list.goTo(seq),
  closed: (seq) => {
    if (seq === undefined || !list.log.focusOn(seq)) composer.focus();
  },
});
const compose: ComposeState = new ComposeState({ host, list: () => list, runCommand });
const { composer } = compose;
const page: PageContext = {
  post,
  setting: () => setting,
  goTo: (seq) => list.goTo(seq),
  replyTo: (message) => compose.replyTo(message),
  edit: (message) => compose.edit(message),
};
const toolbar = new MessageToolbar(page);
const list: MessageList = new MessageList({
  host,
  page,
  toolbar,
  unsent: compose,
  refused: (refuses) => {
    setting = { ...setting, whom: { ...setting.whom, refuses } };
    composer.show(setting.whom, compose.writing);
  },
  finding: () => !find.root.hidden,
  leave: () => composer.focus(),
});

document.getElementById("chat")?.append(head.root, find.root, list.log.root, typing.root, banner.root, composer.root);
list.log.setLabel(texts.log(setting.whom));
composer.show(setting.whom, compose.writing);
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "f" || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  find.open();
});

host.handle({
  head: takeHead,
  loaded: (message) => list.load(message),
  older: (message) => list.addOlder(message),
  newer: (message) => list.addNewer(message),
  changed: ({ messages }) => {
    if (messages.some((each) => !each.own)) typing.hide();
    list.change(messages);
  },
  kept: ({ newFrom }) => list.keepNew(newFrom),
  unreadable: ({ reason }) => list.fail(reason),
  settled: (message) => compose.settled(message),
  edited: (message) => compose.edited(message),
  focus: () => composer.focus(),
  names: takeNames,
  offered: ({ typed, names }) => composer.offer(typed, names),
  draft: (message) => compose.draftChanged(message),
  chosen: ({ action, seq }) => {
    const message = list.messages.find((each) => each.seq === seq);
    if (message !== undefined && list.log.focusOn(seq)) toolbar.run(action, message);
  },
  typing: () => typing.show(setting.whom.name),
  found: (message) => find.show(message),
  insert: ({ text }) => composer.insert(text),
  notice: ({ text, failed }) => (failed ? composer.setProblem(text) : composer.notify(text)),
});

function takeHead(message: Extract<ToPanel, { kind: "head" }>): void {
  const { partner, linked: reached, unsure = false } = message;
  const anew = compose.setWriting(message.writing, message.account);
  const name = partner.name === "" ? setting.whom.name : partner.name;
  const whom: Whom = { ...setting.whom, name, presence: partner.presence, unsure };
  const verified = partner.key?.verified === true ? partner.key.pin : undefined;
  const changed = JSON.stringify(whom) !== JSON.stringify(setting.whom) || verified !== setting.verified;
  setting = { ...setting, whom, verified };
  list.log.setLabel(texts.log(whom));
  composer.show(whom, message.writing);
  head.show(partner, { signedIn: message.writing !== "closed", unsure });
  if (partner.presence === "offline") typing.hide();
  banner.show(message.banner);
  if (reached && !linked) composer.recovered();
  linked = reached;
  if (name !== host.state.name) host.setState({ name });
  if (anew) {
    find.forget();
    list.forget();
  } else if (changed && list.isLoaded) list.draw();
}

function takeNames({ own, others }: Extract<ToPanel, { kind: "names" }>): void {
  const names = { own: own === undefined ? undefined : keyOfName(own), others: new Set(others.map(keyOfName)) };
  setting = { ...setting, names, ownName: own ?? "" };
  if (list.isLoaded) list.draw();
}

function runCommand(name: SlashCommand["name"], rest: string): void {
  if (name === "code") post({ kind: "attach", from: "selection" });
  else if (name === "search") find.open(rest);
  else if (name === "away" || name === "dnd") post({ kind: "status", state: name, text: rest.slice(0, 140) });
  else if (name === "back") post({ kind: "status", state: "available", text: rest.slice(0, 140) });
  else if (name === "direct") post({ kind: "act", action: "connectDirectly" });
  else if (name === "mute" || name === "block") post({ kind: "act", action: name });
  else {
    const lines = slashCommandsFor(everyone).map((each) => `/${each.name}: ${texts.slash[each.name]}`);
    composer.notify(texts.help(lines), helpForMs);
  }
}
