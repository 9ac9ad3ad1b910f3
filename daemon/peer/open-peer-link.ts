// One attempt at a peer's listener: dials, sends the `request` of the original protocol, and adds a link once that is
// answered with ok. If the link is no longer wanted by then, it is closed so that the other end does not take it for a
// broken one.

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
  /** Whether a link to them is still wanted. */
  readonly isWanted: () => boolean;
}

/** Time for the closing request to be answered. */
const closeMs = 500;

/** Opens a link and adds it to `links`, if somebody with that key answered and admitted this daemon. */
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
  // The other end may have been quicker. Nothing is lost as long as nothing has been asked on this connection.
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
  // The other end already treats it as a link.
  if (answer?.ok === true) {
    wire.admitted({ onRequest: ignore, onClose: ignore });
    await wire.request(closeLink, { from: me.name }, closeMs);
  }
  wire.close();
}

const notYet = failure("not_authenticated", "Wait until the connection is agreed to.");

function ignore(): void {
  // The other end gets no answer and sends it another way.
}
