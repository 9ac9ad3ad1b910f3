// The only place where the state changes. A step takes the state and what happened, and returns the new state, what to
// store, and what to do once it is stored. Pure: the same arguments give the same step.

import { sameAccount } from "../../protocol/api/model.ts";
import { keyOfName } from "../../protocol/names.ts";
import { isKindCommand, runKindCommand } from "./kinds/kinds.ts";
import { readByOther, tellRead } from "./kinds/read-mark.ts";
import { StepBuilder } from "./step-builder.ts";
import type { Step } from "./effects.ts";
import type { Input } from "./inputs.ts";
import { withoutWindow, withWindow } from "./notification-policy.ts";
import { loadOutbox, serverLost } from "./outbox.ts";
import { receive } from "./receiving.ts";
import { answered, outcomeCame } from "./settling.ts";
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
import type { StepContext } from "./ports.ts";
import { deleteConversation, purged, trimmed } from "./removal.ts";
import { direct, showKey, showRoute } from "./direct-route.ts";
import type { State } from "./state.ts";

/**
 * Runs several inputs as one step, so that they share one commit. Queries see the history before the step: a command that
 * uses them must not share a step with earlier inputs (see `engine.ts`).
 */
export function reduce(state: State, inputs: readonly Input[], around: StepContext): Step {
  const step = new StepBuilder(state, around);
  for (const input of inputs) apply(step, input);
  return step.finish();
}

function apply(step: StepBuilder, input: Input): void {
  if (isKindCommand(input)) {
    runKindCommand(step, input);
    return;
  }
  switch (input.kind) {
    case "opened":
      // Views may show results of earlier queries.
      if (step.me && sameAccount(step.me.account, input.account)) step.effect({ kind: "historyChanged" });
      step.me = { account: input.account, key: keyOfName(input.account.user) };
      step.replaceContacts(loadedContacts(input.loaded, step.me.key, step.context.history));
      step.outbox = loadOutbox(input.loaded.outbox, (mid) => step.context.history.ownEvent(mid)?.sentAtMs);
      step.links = new Map();
      return;
    case "session":
      sessionChanged(step, input.session);
      return;
    case "message":
      receive(step, input);
      return;
    case "read":
      readByOther(step, input);
      return;
    case "answered":
      answered(step, input);
      return;
    case "outcome":
      outcomeCame(step, input);
      return;
    case "people":
      peopleSeen(step, input.people);
      return;
    case "directoryRead":
      directoryRead(step, input.listed);
      return;
    case "blockList":
      blockList(step, input.names);
      return;
    case "direct":
      direct(step, input);
      return;
    case "route":
      showRoute(step, input);
      return;
    case "key":
      showKey(step, input);
      return;
    case "purged":
      purged(step, input);
      return;
    case "trimmed":
      trimmed(step, input);
      return;
    case "wake":
      step.dispatchReady();
      return;
    case "tellRead":
      step.tellsRead = input.on;
      return;
    case "doNotDisturb":
      step.doNotDisturb = input.on;
      return;
    case "mute":
      mute(step, input);
      return;
    case "deleteConversation":
      deleteConversation(step, input);
      return;
    case "blocked":
      setBlocked(step, input);
      return;
    case "contact":
      ensureContact(step, input.name);
      return;
    case "window":
      step.windows = withWindow(step.windows, input.window, input.report);
      return;
    case "windowGone":
      step.windows = withoutWindow(step.windows, input.window);
      return;
  }
}

function sessionChanged(step: StepBuilder, session: State["session"]): void {
  step.session = session;
  // Also if a new connection replaces an open one: what was in flight on the old one gets no answer any more.
  step.outbox = serverLost(step.outbox);
  step.dispatchReady();
  if (session.state === "connected") for (const contact of [...step.contacts.values()]) tellRead(step, contact);
  else forgetPresence(step);
}
