// Whether an account may be made with a name [P-3.1], for both `register` and `user add`. Besides the rules for the name
// alone (protocol/names.ts), it must not look like a word that means everyone or the server. The accounts decide whether it
// looks like somebody's name.

import type { UserKey, UserName } from "../../../protocol/ids.ts";
import { checkNewName, fieldNames, nameComplaints, reservedNames, roomPrefix } from "../../../protocol/names.ts";
import type { Accounts } from "../ports.ts";
import { skeletonsOf } from "./skeleton.ts";

export interface NewAccountName {
  readonly name: UserName;
  readonly key: UserKey;
  /** `skeletonsOf` the name: the first is stored. */
  readonly skeletons: readonly [string, ...string[]];
}

export type NewAccountNameCheck =
  ({ readonly ok: true } & NewAccountName) | { readonly ok: false; readonly reason: string };

const fieldLooks = looksOf(fieldNames);
const reservedLooks = looksOf(reservedNames);

export function checkNewAccountName(raw: string): NewAccountNameCheck {
  const checked = checkNewName(raw);
  if (!checked.ok) return checked;
  const { name, key } = checked;
  const skeletons = skeletonsOf(name);
  if (skeletons.some((each) => fieldLooks.has(each))) return { ok: false, reason: nameComplaints.reserved };
  if (skeletons.some((each) => reservedLooks.has(each))) return { ok: false, reason: nameComplaints.official };
  if (skeletons.some((each) => each.startsWith(roomPrefix))) return { ok: false, reason: nameComplaints.room };
  return { ok: true, name, key, skeletons };
}

/** Whether that name looks like somebody's, whichever of the two is written in capitals. */
export function looksLikeAnother(accounts: Pick<Accounts, "lookAlike">, { skeletons }: NewAccountName): boolean {
  return skeletons.some((each) => accounts.lookAlike(each) !== undefined);
}

function looksOf(words: Iterable<string>): ReadonlySet<string> {
  return new Set(Array.from(words, skeletonsOf).flat());
}
