// One try to get in at a peer's listener: dial, ask with the seed's `request`, and a link once that is answered with ok. What
// is of no use any more by then is ended in such a way that the other end does not take it for a broken link.

import { failure } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { closeLink, requestPush } from "../../protocol/wire/direct.ts";
import type { Pin } from "../../protocol/pin.ts";
import { dial, textOf } from "./dial.ts";
import type { DialAddress } from "./dial.ts";
import type { PeerLinks } from "./peer-links.ts";
import { PeerWire } from "./peer-wire.ts";
import type { DirectDeps, Person } from "./direct-deps.ts";

export interface PeerLinkRequest {
  readonly deps: DirectDeps;
  readonly links: PeerLinks;
  readonly person: Person;
  /** The key that the peer must prove. */
  readonly pin: Pin;
  readonly places: readonly DialAddress[];
  /** Whether a link to them is still of use. */
  readonly isWanted: () => boolean;
}

/** For a last word. */
const closeMs = 500;

/** The link is among `links` afterwards, where somebody with that key answered and let this daemon in. */
export async function openPeerLink({ deps, links, person, pin, places, isWanted }: PeerLinkRequest): Promise<void> {
  const { clock } = deps;
  const me = deps.me();
  const identity = await deps.identity();
  const reached = await dial({ clock, identity, pin, places });
  if (!reached) return;
  const wire = new PeerWire(reached.socket, clock, {
    onRequest: (request) => request.refuse(notYet),
    onClose: ignore,
  });
  // The other may have been quicker; before it is asked on this connection too, nothing is lost with it.
  if (!me || !isWanted() || links.of(person.key)) {
    wire.destroy();
    return;
  }
  const asked = { from: me.name, to: person.name };
  const answer = await wire.request(requestPush, asked, limits.acknowledgementMs, true);
  if (answer?.ok === true && isWanted()) {
    links.add({ peer: person, pin, me, ownPin: identity.pin, dialled: true, address: textOf(reached.place), wire });
    return;
  }
  deps.log.info("no direct link", { code: answer?.ok === false ? answer.code : "not wanted any more" });
  // It is a link at the other end already.
  if (answer?.ok === true) {
    wire.admitted({ onRequest: ignore, onClose: ignore });
    await wire.request(closeLink, { from: me.name }, closeMs);
  }
  wire.close();
}

const notYet = failure("not_authenticated", "Wait until the connection is agreed to.");

function ignore(): void {
  // What the other end sends has no answer, and goes another way.
}
