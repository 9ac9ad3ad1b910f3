// What the page of a chat does with one kind of conversation event: what a person can do about a message, and what is drawn
// on it. Every kind is one file of this folder and one line in kinds.ts.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { MessageAction } from "../../../protocol/page/page-messages.ts";
import type { Names } from "../../markdown/message-tree.ts";
import type { ExtensionHost } from "../extension-host.ts";
import type { Whom } from "../texts.ts";
import type { MessageRow } from "../timeline.ts";

/** What rows depend on beside their message. */
export interface Setting {
  readonly whom: Whom;
  readonly names: Names;
  /** As its owner spells it. */
  readonly ownName: string;
  /** The key of the other person's device, if this person has compared it. */
  readonly verified: string | undefined;
}

/** What a message can do on the page. */
export interface PageContext {
  readonly post: ExtensionHost["post"];
  readonly setting: () => Setting;
  readonly goTo: (seq: number) => void;
  /** Begins a reply to the message in the composer. */
  readonly replyTo: (message: ChatMessage) => void;
  /** Begins an edit of the message in the composer. */
  readonly edit: (message: ChatMessage) => void;
}

/** The toolbar that an action was run from. */
export interface ActionToolbar {
  /** Shows these instead of the buttons, and puts the focus on the first one. */
  choose(choice: readonly HTMLElement[]): void;
  /** Shows the buttons again; the focus goes back to the message. */
  leave(): void;
}

/** A button in the toolbar of a message, and an item of its menu. */
export interface ToolbarAction {
  /** Of the codicons. */
  readonly icon: string;
  readonly label: string;
  /** @param article the message as it is drawn */
  readonly applies: (message: ChatMessage, article: Element) => boolean;
  readonly run: (message: ChatMessage, page: PageContext, toolbar: ActionToolbar) => void;
}

export interface PageKind {
  readonly actions?: { readonly [Action in MessageAction]?: ToolbarAction };
  /** Said of the message beside its author and time; undefined if there is nothing to say. */
  readonly mark?: (message: ChatMessage) => string | undefined;
  /** The last part of the message's name for screen readers; an empty text if there is nothing to say. */
  readonly status?: (message: ChatMessage, setting: Setting) => string;
  /** Changes whenever the message has to be drawn again because of something else than itself. */
  readonly dependsOn?: (row: MessageRow, setting: Setting) => unknown;
  readonly drawAbove?: (message: ChatMessage, page: PageContext) => HTMLElement[];
  /** Drawn in place of the text; undefined to draw the text. */
  readonly drawInstead?: (message: ChatMessage) => HTMLElement[] | undefined;
  readonly drawBelow?: (row: MessageRow, page: PageContext) => HTMLElement[];
}

/** The server has not refused it: the other side can know it. */
export function isSent(message: ChatMessage): boolean {
  return message.state !== "failed";
}

export function isOwnAndSent(message: ChatMessage): boolean {
  return message.own && isSent(message);
}
