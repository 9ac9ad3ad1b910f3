// Decides whether the key that a server showed is the right one, and words the refusals. Nothing secret is sent to a server
// until this decision has been made, and no button overrides it. A changed key is replaced only by an explicit command, or
// by a statement signed with the key that was trusted before (P-1.11).

import { samePin } from "../../base/tls/certificate-pin.ts";
import { leadsTo } from "../../base/tls/succession.ts";
import { formatPin } from "../../protocol/pin.ts";
import type { PinStatement } from "../../protocol/wire/session.ts";
import type { Pin } from "../../protocol/pin.ts";

/**
 * `unknown`: a server on another machine, seen for the first time; a person has to confirm it. `changed`: it had another
 * key before. `mismatch`: the address, or the person, named another key.
 */
export type TrustVerdict =
  { readonly trust: "trusted" | "unknown" } | { readonly trust: "changed" | "mismatch"; readonly expected: Pin };

export interface Shown {
  /** The key that it proved to hold. */
  readonly shown: Pin;
  /** Stored at an earlier connection. */
  readonly known: Pin | undefined;
  /** From `chat://host:port#pin`, or from a person who compared it. */
  readonly wanted: Pin | undefined;
  /** Whether the connection stays on this machine. */
  readonly local: boolean;
  /** Whether this system trusts its certificate chain for that host name. */
  readonly vouched: boolean;
}

export function evaluateTrust({ shown, known, wanted, local, vouched }: Shown): TrustVerdict {
  if (wanted !== undefined && !samePin(shown, wanted)) return { trust: "mismatch", expected: wanted };
  if (known !== undefined) return samePin(shown, known) ? { trust: "trusted" } : { trust: "changed", expected: known };
  return { trust: wanted !== undefined || local || vouched ? "trusted" : "unknown" };
}

/**
 * Evaluates again with the server's statements about its keys. If they lead from the expected key to the shown one, the
 * shown key counts as the expected one.
 */
export function evaluateTrustWith(statements: readonly PinStatement[], seen: Shown): TrustVerdict {
  const followed = (pin: Pin | undefined): Pin | undefined =>
    pin !== undefined && leadsTo(seen.shown, pin, statements) ? seen.shown : pin;
  return evaluateTrust({ ...seen, known: followed(seen.known), wanted: followed(seen.wanted) });
}

/** Returns the reason why nothing was sent, and what to do; undefined if the key is trusted. */
export function refusalOf(server: string, shown: Pin, verdict: TrustVerdict): string | undefined {
  const keys = (expected: Pin): string => `Expected: ${formatPin(expected)}. Shown: ${formatPin(shown)}.`;
  switch (verdict.trust) {
    case "trusted":
      return undefined;
    case "unknown":
      return (
        `The key of ${server} is not known yet: ${formatPin(shown)}. Compare it with what whoever runs the server sees ` +
        `there, then sign in again and trust it. Nothing was sent.`
      );
    case "changed":
      return (
        `${server} shows another key than before. Somebody may be between you and the server, or it was set up anew: ask ` +
        `whoever runs it. ${keys(verdict.expected)} Nothing was sent. Only if the new key is right: run "Chat Room: Trust ` +
        `Server" in the editor, or chat-room trust ${server} ${shown}`
      );
    case "mismatch":
      return (
        `${server} does not have the key that was named for it. Somebody may be between you and the server, or the ` +
        `address is an old one: ask whoever runs it for its chat:// address. ${keys(verdict.expected)} Nothing was sent.`
      );
  }
}
