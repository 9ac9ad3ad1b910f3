// The rules that decide whether two names are one account, or look alike [P-3.1]. Storage takes them only from here.

import type { UserKey } from "../../protocol/ids.ts";
import { keyOfName } from "../../protocol/names.ts";
import { skeletonsOf } from "../core/names/skeleton.ts";

export interface NameRules {
  /** Two names with the same key are the same name. */
  keyOf(name: string): UserKey;
  /** Two names that share a skeleton cannot be told apart by eye. The first one is that of `NewAccount`. */
  skeletonsOf(name: string): readonly [string, ...string[]];
}

export const nameRules: NameRules = { keyOf: keyOfName, skeletonsOf };
