// What a person has written and nobody has safely stored yet: the draft in the composer and the texts on their way to
// the daemon. Values in, values out; kept by the caller wherever a webview's state survives. No DOM.

import type { ChatMessage } from "../../protocol/editor/model.ts";
import type { PanelState } from "../../protocol/panel/messages.ts";

type Written = Pick<PanelState, "draft" | "pending" | "answering">;
type Owned = Pick<PanelState, "draft" | "pending" | "account" | "shelved">;

/** As many other accounts are remembered; with more, the one that was left first is forgotten. */
const maxShelved = 16;

/** Puts away what another account had written, and takes out what this one had. */
export function ownedBy(state: Owned, account: string): Owned {
  const { draft, pending, shelved = [] } = state;
  if (state.account === undefined || state.account === account) return { draft, pending, shelved, account };
  const theirs = draft === "" && pending.length === 0 ? [] : [{ account: state.account, draft, pending }];
  const own = shelved.find((each) => each.account === account) ?? { draft: "", pending: [] };
  const others = shelved.filter((each) => each.account !== account && each.account !== state.account);
  return { account, draft: own.draft, pending: own.pending, shelved: [...others, ...theirs].slice(-maxShelved) };
}

/** Takes the draft out of the composer and on its way. Undefined where there is nothing to send. */
export function sending<T extends Written>(state: T, ticket: string, atMs: number): T | undefined {
  const { draft: text, answering } = state;
  if (text.trim() === "") return undefined;
  return { ...state, draft: "", pending: [...state.pending, { ticket, text, atMs, ...(answering && { answering }) }] };
}

/** It is on disk. */
export function stored<T extends Written>(state: T, ticket: string): T {
  return { ...state, pending: state.pending.filter((each) => each.ticket !== ticket) };
}

/** It was refused: the text goes back in front of what was written since, with what it answers. */
export function refused<T extends Written>(state: T, ticket: string): T {
  const back = state.pending.find((each) => each.ticket === ticket);
  if (back === undefined) return state;
  const draft = state.draft === "" ? back.text : `${back.text}\n${state.draft}`;
  const answering = state.answering ?? back.answering;
  return { ...stored(state, ticket), draft, ...(answering && { answering }) };
}

/** Nobody can tell what became of it: it was stored if the history has it. */
export function isStored(ticket: string, messages: readonly ChatMessage[]): boolean {
  return messages.some((each) => each.own && each.mid === ticket);
}
