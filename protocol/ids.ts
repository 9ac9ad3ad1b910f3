// Branded strings, so that a checked name, a message id and a conversation cannot be mixed up by accident.

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A user name as its owner spells it; passed `checkName` [P-3.1]. */
export type UserName = Branded<string, "UserName">;
/** The form of a name under which it is unique: NFKC with full case folding [P-3.1]. */
export type UserKey = Branded<string, "UserKey">;
/** Identifies an account for ever: a later account of the same name has another id [P-3.7]. */
export type AccountId = Branded<string, "AccountId">;
/** A message's unique id, chosen by its sender [P-5.4]. */
export type MessageId = Branded<string, "MessageId">;
