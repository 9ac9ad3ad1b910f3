// What a person has written and nobody has safely stored yet: the draft in the composer, what it replies to, an edit, and
// what is on its way to the daemon. Values in, values out: the caller keeps them where a webview's state survives. No DOM.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { PanelState } from "../../protocol/page/panel-state.ts";

type Draft = Pick<PanelState, "draft" | "pending" | "replyTo">;
type Own = Omit<NonNullable<PanelState["draftsByAccount"]>[number], "account">;
type Owned = Own & Pick<PanelState, "account" | "draftsByAccount">;
/** Of a state: undefined takes a field away. */
type Changed<T> = { readonly [K in keyof T]?: T[K] | undefined };
type Whole<T extends Own> = Changed<T> & Pick<T, "draft" | "pending">;

/** The most other accounts that are remembered; with more, the one that was left first is forgotten. */
const maxAccounts = 16;

/** Puts away everything that another account had written, and takes out what this one had. */
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

/** Moves the draft to the pending texts. Undefined if there is nothing to send. */
export function sending<T extends Draft>(state: T, mid: string, atMs: number): T | undefined {
  const { draft: text, replyTo } = state;
  if (text.trim() === "") return undefined;
  return { ...state, draft: "", pending: [...state.pending, { mid, text, atMs, ...(replyTo && { replyTo }) }] };
}

/** The text is on disk. */
export function stored<T extends Draft>(state: T, mid: string): T {
  return { ...state, pending: state.pending.filter((each) => each.mid !== mid) };
}

/** The text was refused: it goes back in front of what was written since, with what it replies to. */
export function refused<T extends Draft>(state: T, mid: string): T {
  const back = state.pending.find((each) => each.mid === mid);
  if (back === undefined) return state;
  const draft = state.draft === "" ? back.text : `${back.text}\n${state.draft}`;
  const replyTo = state.replyTo ?? back.replyTo;
  return { ...stored(state, mid), draft, ...(replyTo && { replyTo }) };
}

/** Whether a text of which nobody can tell the outcome was stored: the history has it then. */
export function isStored(mid: string, messages: readonly ChatMessage[]): boolean {
  return messages.some((each) => each.own && each.mid === mid);
}
