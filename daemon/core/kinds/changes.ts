// The complete list of changes: what can be done to a message after it was written.

import type { EventKind } from "../../../protocol/conversations/event.ts";
import type { ChangeRules } from "./change.ts";
import { deletionRules } from "./deletion.ts";
import { editRules } from "./edit.ts";
import { reactionRemovalRules, reactionRules } from "./reaction.ts";

export type ChangeKind = Exclude<EventKind, "text" | "reply">;

export const changes: Readonly<Record<ChangeKind, ChangeRules>> = {
  edit: editRules,
  deletion: deletionRules,
  reaction: reactionRules,
  reactionRemoval: reactionRemovalRules,
};

export function isChange(kind: EventKind): kind is ChangeKind {
  return Object.hasOwn(changes, kind);
}
