// The rules by which two names are one account, or look like one [P-3.1]. The one place where storage takes them from.

import type { UserKey } from "../../protocol/ids.ts";
import { keyOfName } from "../../protocol/names.ts";
import { skeletonsOf } from "../core/names/skeleton.ts";

export interface NameRules {
  /** Two names with the same key are the same name. */
  keyOf(name: string): UserKey;
  /** Two names that have one in common cannot be told apart by looking at them. The first is that of `NewAccount`. */
  skeletonsOf(name: string): readonly [string, ...string[]];
}

export const nameRules: NameRules = { keyOf: keyOfName, skeletonsOf };
