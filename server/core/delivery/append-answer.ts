// The answer to the sender of a message that was given to the mailbox [P-5.2, P-5.3].

import { failure } from "../../../protocol/errors.ts";
import { queued } from "../requests/answer.ts";
import type { Answer } from "../requests/answer.ts";
import type { Appended } from "../ports.ts";

export function appendAnswer(appended: Appended): Answer {
  if ("seq" in appended) return queued;
  if (appended.kind === "full") return failure("mailbox_full");
  if (appended.kind === "share_full") return failure("mailbox_full", shareFull);
  return failure("unavailable");
}

const shareFull = "Too many of your messages wait for that user already. Try again after they have signed in.";
