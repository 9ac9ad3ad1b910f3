// The commands for each kind of event: how a view's request becomes a command, and which function runs it. A new kind gets
// its own file and its lines here and in changes.ts.

import type { StepBuilder } from "../step-builder.ts";
import { deletion, requests as deletionRequests } from "./deletion.ts";
import type { DeletionCommand } from "./deletion.ts";
import { edit, requests as editRequests } from "./edit.ts";
import type { EditCommand } from "./edit.ts";
import { reaction, requests as reactionRequests } from "./reaction.ts";
import type { ReactionCommand } from "./reaction.ts";
import { markRead, markUnread, requests as readMarkRequests } from "./read-mark.ts";
import type { MarkReadCommand, MarkUnreadCommand } from "./read-mark.ts";
import { retry, send, requests as textRequests } from "./text.ts";
import type { RetryCommand, SendCommand } from "./text.ts";

export type KindCommand =
  SendCommand | RetryCommand | EditCommand | DeletionCommand | ReactionCommand | MarkReadCommand | MarkUnreadCommand;

/** Keyed by the names of `protocol/conversations/kinds.ts`. The second argument is the id for a new event. */
export const requests = {
  ...textRequests,
  ...editRequests,
  ...deletionRequests,
  ...reactionRequests,
  ...readMarkRequests,
};

const commands: {
  readonly [K in KindCommand["kind"]]: (step: StepBuilder, command: Extract<KindCommand, { kind: K }>) => void;
} = { send, retry, edit, deletion, reaction, markRead, markUnread };

export function isKindCommand(input: { readonly kind: string }): input is KindCommand {
  return Object.hasOwn(commands, input.kind);
}

export function runKindCommand(step: StepBuilder, command: KindCommand): void {
  (commands[command.kind] as (step: StepBuilder, command: KindCommand) => void)(step, command);
}
