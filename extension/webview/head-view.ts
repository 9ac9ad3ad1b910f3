// The header of the chat: the presence of the other person, how messages travel and why, and the button for the search.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { Partner } from "../../protocol/api/model.ts";
import type { PanelAction } from "../../protocol/page/page-messages.ts";
import { withoutHidden } from "../../protocol/text/hidden-characters.ts";
import { codicon, element, iconButton } from "./dom.ts";
import { reasonWords } from "./page-l10n.ts";
import { texts } from "./texts.ts";

/** The icons of the Contacts tree: four of the same size. */
const presenceIcons = {
  available: "circle-filled",
  away: "record-small",
  dnd: "debug-breakpoint-conditional",
  offline: "circle-outline",
} as const;

export interface HeadActions {
  readonly act: (action: PanelAction) => void;
  readonly find: () => void;
}

export class HeadView {
  readonly root: HTMLElement;
  readonly #presence = element("span", { class: "presence" });
  readonly #route = element("span", { class: "route" });
  readonly #connect: HTMLButtonElement;
  #shown = "";

  constructor(actions: HeadActions) {
    this.#connect = iconButton("plug", texts.connectDirectly, () => actions.act("connectDirectly"));
    const find = iconButton("search", texts.find, actions.find);
    this.root = element("header", { class: "head" }, this.#presence, this.#route, this.#connect, find);
    this.#connect.hidden = true;
  }

  /** @param unsure their presence is not known at the moment */
  show(partner: Partner, { signedIn, unsure }: { signedIn: boolean; unsure: boolean }): void {
    const everyone = isEveryone(partner.conversation);
    const { presence, presenceText, route, key, blocked } = partner;
    const signature = JSON.stringify([presence, presenceText, route, key, signedIn, unsure]);
    if (signature === this.#shown) return;
    this.#shown = signature;
    this.#presence.replaceChildren(...(signedIn && (everyone || !unsure) ? presenceOf(partner, everyone) : []));
    this.root.hidden = !signedIn;
    this.#route.hidden = everyone || !signedIn;
    this.#route.replaceChildren(...routeOf(partner));
    this.#route.title = whyOf(partner);
    const direct = route?.kind === "direct" || route?.kind === "connecting";
    this.#connect.hidden = everyone || !signedIn || direct || blocked || presence === "offline" || hasNewKey(partner);
  }
}

function presenceOf(partner: Partner, everyone: boolean): (Node | string)[] {
  if (everyone) return [codicon("broadcast"), element("span", {}, texts.toEveryone)];
  const { presence, presenceText } = partner;
  const icon = presenceIcons[presence];
  const words = element("span", {}, texts.presence[presence]);
  const text =
    presenceText === undefined || presenceText === ""
      ? []
      : ["·", element("bdi", { class: "words" }, withoutHidden(presenceText))];
  return [codicon(icon, `is-${presence}`), words, ...text];
}

function routeOf(partner: Partner): Node[] {
  const { route, key } = partner;
  const verified =
    key?.verified === true && !hasNewKey(partner)
      ? [element("span", { class: "verified", title: texts.verifiedWhy }, codicon("verified-filled"), texts.verified)]
      : [];
  if (route?.kind === "direct") {
    return [...verified, codicon("plug"), element("span", {}, texts.direct(withoutPort(route.address)))];
  }
  if (route?.kind === "connecting") {
    return [...verified, codicon("loading", "codicon-modifier-spin"), element("span", {}, texts.connecting)];
  }
  return [...verified, codicon("server"), element("span", {}, texts.via)];
}

function whyOf({ route }: Partner): string {
  if (route?.kind === "direct") return texts.directWhy(route.address);
  return route?.kind === "server" && route.why !== "" ? reasonWords(route.why) : texts.viaWhy;
}

function hasNewKey({ key }: Partner): boolean {
  return key?.changed !== undefined;
}

function withoutPort(address: string): string {
  return /^\[(.*)\]:\d+$/u.exec(address)?.[1] ?? address.replace(/^([^:]+):\d+$/u, "$1");
}
