// The one place where the state changes: a step takes the state and what happened, and answers the new state, what is to
// be stored, and what is to be done once it is. Pure: the same arguments give the same step.

import { sameAccount } from "../../protocol/api/model.ts";
import { keyOfName } from "../../protocol/names.ts";
import { answered, retry, send } from "./compose.ts";
import { edit, react, takeBack } from "./change.ts";
import { Draft } from "./step-builder.ts";
import type { Step } from "./effects.ts";
import type { Input } from "./inputs.ts";
import { withoutWindow, withWindow } from "./notification-policy.ts";
import { loadedOutbox } from "./loaded-outbox.ts";
import { serverLost } from "./outbox.ts";
import { outcomeCame } from "./outcomes.ts";
import {
  blockList,
  directoryRead,
  ensureContact,
  forgetPresence,
  loadedContacts,
  mute,
  peopleSeen,
  setBlocked,
} from "./contacts.ts";
import type { Surroundings } from "./ports.ts";
import { deleteConversation, purged, trimmed } from "./removal.ts";
import { direct, showKey, showRoute } from "./route.ts";
import { markRead, readByOther, receive, tellRead } from "./receive.ts";
import type { State } from "./state.ts";

/**
 * Several inputs make one step, so that they share one commit. The facts are those of before the step: a command that
 * asks them must not share a step with what came before it (see `runner.ts`).
 */
export function reduce(state: State, inputs: readonly Input[], around: Surroundings): Step {
  const draft = new Draft(state, around);
  for (const input of inputs) apply(draft, input);
  return draft.finish();
}

function apply(draft: Draft, input: Input): void {
  switch (input.kind) {
    case "opened":
      // Views may show what was read before.
      if (draft.me && sameAccount(draft.me.account, input.account)) draft.effect({ kind: "historyChanged" });
      draft.me = { account: input.account, key: keyOfName(input.account.user) };
      draft.replaceContacts(loadedContacts(input.loaded));
      draft.outbox = loadedOutbox(input.loaded, draft.around.facts);
      draft.links = new Map();
      return;
    case "session":
      sessionChanged(draft, input.session);
      return;
    case "message":
      receive(draft, input);
      return;
    case "read":
      readByOther(draft, input);
      return;
    case "answered":
      answered(draft, input);
      return;
    case "outcome":
      outcomeCame(draft, input);
      return;
    case "people":
      peopleSeen(draft, input.people);
      return;
    case "directoryRead":
      directoryRead(draft, input.listed);
      return;
    case "blockList":
      blockList(draft, input.names);
      return;
    case "direct":
      direct(draft, input);
      return;
    case "route":
      showRoute(draft, input);
      return;
    case "key":
      showKey(draft, input);
      return;
    case "purged":
      purged(draft, input);
      return;
    case "trimmed":
      trimmed(draft, input);
      return;
    case "wake":
      draft.pump();
      return;
    case "send":
      send(draft, input);
      return;
    case "retry":
      retry(draft, input);
      return;
    case "edit":
      edit(draft, input);
      return;
    case "delete":
      takeBack(draft, input);
      return;
    case "react":
      react(draft, input);
      return;
    case "tellRead":
      draft.tellsRead = input.on;
      return;
    case "undisturbed":
      draft.undisturbed = input.on;
      return;
    case "markRead":
      markRead(draft, input);
      return;
    case "mute":
      mute(draft, input);
      return;
    case "deleteConversation":
      deleteConversation(draft, input);
      return;
    case "blocked":
      setBlocked(draft, input);
      return;
    case "contact":
      ensureContact(draft, input.name);
      return;
    case "window":
      draft.windows = withWindow(draft.windows, input.window, input.report);
      return;
    case "windowGone":
      draft.windows = withoutWindow(draft.windows, input.window);
      return;
  }
}

function sessionChanged(draft: Draft, session: State["session"]): void {
  draft.session = session;
  // Also a new connection in place of one that stood: what was in flight on that one gets no answer any more.
  draft.outbox = serverLost(draft.outbox);
  draft.pump();
  if (session.state === "connected") for (const contact of [...draft.contacts.values()]) tellRead(draft, contact);
  else forgetPresence(draft);
}
