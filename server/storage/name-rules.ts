// The rules by which two names are one account, or look like one [P-3.1]. The one place where storage takes them from.

import { keyOfName } from "../../protocol/names.ts";
import type { UserKey } from "../../protocol/ids.ts";

export interface NameRules {
  /** Two names with the same key are the same name. */
  keyOf(name: string): UserKey;
  /** Two names with the same skeleton cannot be told apart by looking at them. */
  skeletonOf(name: string): string;
}

export const nameRules: NameRules = { keyOf: keyOfName, skeletonOf: keyOfName };
