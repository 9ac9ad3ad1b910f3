// What the page of a chat does with one kind of conversation event: the actions it adds to a message, and what it draws on
// it. Each kind has one file in this folder and one line in kinds.ts.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { MessageAction } from "../../../protocol/page/page-messages.ts";
import type { Names } from "../../markdown/message-tree.ts";
import type { ExtensionHost } from "../extension-host.ts";
import type { Whom } from "../texts.ts";
import type { MessageRow } from "../timeline.ts";

/** What rows depend on besides their message. */
export interface Setting {
  readonly whom: Whom;
  readonly names: Names;
  /** The name as its owner spells it. */
  readonly ownName: string;
  /** The key of the other person's device, if this person has verified it. */
  readonly verified: string | undefined;
}

/** What the actions of a message can do on the page. */
export interface PageContext {
  readonly post: ExtensionHost["post"];
  readonly setting: () => Setting;
  readonly goTo: (seq: number) => void;
  /** Starts a reply to the message in the composer. */
  readonly replyTo: (message: ChatMessage) => void;
  /** Starts an edit of the message in the composer. */
  readonly edit: (message: ChatMessage) => void;
}

/** The toolbar from which an action was run. */
export interface ActionToolbar {
  /** Shows these instead of the buttons, and puts the focus on the first one. */
  choose(choice: readonly HTMLElement[]): void;
  /** Shows the buttons again and returns the focus to the message. */
  leave(): void;
}

/** A button in the toolbar of a message, and an item of its menu. */
export interface ToolbarAction {
  /** The name of a codicon. */
  readonly icon: string;
  readonly label: string;
  /** @param article the element of the message */
  readonly applies: (message: ChatMessage, article: Element) => boolean;
  readonly run: (message: ChatMessage, page: PageContext, toolbar: ActionToolbar) => void;
}

export interface PageKind {
  readonly actions?: { readonly [Action in MessageAction]?: ToolbarAction };
  /** A note beside the author and time; undefined for none. */
  readonly mark?: (message: ChatMessage) => string | undefined;
  /** The last part of the message's accessible name; empty for none. */
  readonly status?: (message: ChatMessage, setting: Setting) => string;
  /** Changes whenever the message has to be redrawn for a reason other than the message itself. */
  readonly dependsOn?: (row: MessageRow, setting: Setting) => unknown;
  readonly drawAbove?: (message: ChatMessage, page: PageContext) => HTMLElement[];
  /** Draws a replacement for the text; undefined to draw the text. */
  readonly drawInstead?: (message: ChatMessage) => HTMLElement[] | undefined;
  readonly drawBelow?: (row: MessageRow, page: PageContext) => HTMLElement[];
}

/** Whether the other side can know the message: the server has not refused it. */
export function isSent(message: ChatMessage): boolean {
  return message.state !== "failed";
}

export function isOwnAndSent(message: ChatMessage): boolean {
  return message.own && isSent(message);
}
