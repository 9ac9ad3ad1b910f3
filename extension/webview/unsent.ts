// What a person has written and what is not safely stored yet: the draft in the composer, the message it replies to, an
// edit, and what is being sent to the daemon. Pure functions: the caller keeps the values in the webview's persistent state.
// No DOM.

import type { ChatMessage } from "../../protocol/api/model.ts";
import { maxPending } from "../../protocol/page/panel-state.ts";
import type { PanelState } from "../../protocol/page/panel-state.ts";

type Draft = Pick<PanelState, "draft" | "pending" | "replyTo">;
type Own = Omit<NonNullable<PanelState["draftsByAccount"]>[number], "account">;
type Owned = Own & Pick<PanelState, "account" | "draftsByAccount">;
/** A change of a state; undefined removes the field. */
type Changed<T> = { readonly [K in keyof T]?: T[K] | undefined };
type Whole<T extends Own> = Changed<T> & Pick<T, "draft" | "pending">;

/** The most other accounts that are remembered; beyond that, the one that was left first is forgotten. */
const maxAccounts = 16;

/** Sets aside everything that another account has written, and restores what this one had. */
export function ownedBy(state: Whole<Owned>, account: string): Whole<Owned> {
  const { draftsByAccount = [] } = state;
  if (state.account === undefined || state.account === account) return { ...ownPart(state), draftsByAccount, account };
  const own = draftsByAccount.find((each) => each.account === account) ?? { draft: "", pending: [] };
  const others = draftsByAccount.filter((each) => each.account !== account && each.account !== state.account);
  const theirs = isAnything(state) ? [{ ...present(ownPart(state)), account: state.account }] : [];
  return { ...ownPart(own), account, draftsByAccount: [...others, ...theirs].slice(-maxAccounts) };
}

function ownPart(own: Whole<Own>): Whole<Own> {
  const { draft, dirty, handed, revision, replyTo, editing, saving, pending } = own;
  return { draft, dirty, handed, revision, replyTo, editing, saving, pending };
}

function present({ draft, pending, ...rest }: Whole<Own>): Own {
  return { draft, pending, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
}

function isAnything({ draft, dirty, replyTo, editing, saving = [], pending }: Whole<Own>): boolean {
  if (draft !== "" || dirty === true || saving.length > 0 || pending.length > 0) return true;
  return replyTo !== undefined || editing !== undefined;
}

/** Moves the draft to the pending texts; undefined if it is blank, or as many as fit into the state are pending. */
export function sending<T extends Draft>(state: T, mid: string, atMs: number): T | undefined {
  const { draft: text, replyTo } = state;
  if (text.trim() === "" || state.pending.length >= maxPending) return undefined;
  return { ...state, draft: "", pending: [...state.pending, { mid, text, atMs, ...(replyTo && { replyTo }) }] };
}

/** Removes a pending text that is now on disk. */
export function stored<T extends Draft>(state: T, mid: string): T {
  return { ...state, pending: state.pending.filter((each) => each.mid !== mid) };
}

/** Puts a refused text back in front of what has been written since, with the message it replies to. */
export function refused<T extends Draft>(state: T, mid: string): T {
  const back = state.pending.find((each) => each.mid === mid);
  if (back === undefined) return state;
  const draft = state.draft === "" ? back.text : `${back.text}\n${state.draft}`;
  const replyTo = state.replyTo ?? back.replyTo;
  return { ...stored(state, mid), draft, ...(replyTo && { replyTo }) };
}

/** Whether a text with an unknown outcome was stored: if so, the history has it. */
export function isStored(mid: string, messages: readonly ChatMessage[]): boolean {
  return messages.some((each) => each.own && each.mid === mid);
}
