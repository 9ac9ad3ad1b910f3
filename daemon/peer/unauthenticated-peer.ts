// A caller at the listener, until it becomes a link or disconnects. Until it is admitted it may only ask. The key it has
// proved, if any, decides how its question is treated.

import { failure } from "../../protocol/errors.ts";
import type { Clock } from "../../base/clock.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import { closeLink, killPush, offlinePush, requestPush } from "../../protocol/wire/direct.ts";
import { alive } from "../../protocol/wire/session.ts";
import { messagePush, signalPush } from "../../protocol/wire/messages.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { Pin } from "../../protocol/pin.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { Push } from "../connection/line-client.ts";
import type { ConsentPolicy } from "./consent-policy.ts";
import type { PeerCaller } from "./peer-listener.ts";
import { PeerWire } from "./peer-wire.ts";
import { askFirst, killRefused, notThatPeer, unknownKey } from "./direct-errors.ts";
import { personOf } from "./direct-deps.ts";
import type { Person } from "./direct-deps.ts";

export interface UnauthenticatedPeerOptions {
  readonly clock: Clock;
  readonly consent: ConsentPolicy;
  me(): Person | undefined;
  /** Called after it was told that it is admitted. From now on it is a link. */
  onAdmitted(peer: Person, me: Person, pin: Pin, wire: PeerWire): void;
}

const peerRequests: ReadonlySet<string> = new Set(
  [messagePush, signalPush, offlinePush, closeLink, alive].map(({ type }) => type),
);

export function serveUnauthenticatedPeer(caller: PeerCaller, options: UnauthenticatedPeerOptions): void {
  const { clock } = options;
  const wire = new PeerWire(caller.socket, clock, {
    onRequest: (request) => {
      caller.heard();
      serve(caller, options, request, wire);
    },
    onClose: () => caller.settled(),
  });
}

function serve(caller: PeerCaller, options: UnauthenticatedPeerOptions, request: Push, wire: PeerWire): void {
  const { consent } = options;
  if (request.type === killPush.type) {
    request.refuse(killRefused);
    return;
  }
  if (request.type !== requestPush.type) {
    const known = peerRequests.has(request.type);
    request.refuse(known ? askFirst : failure("unknown_type", "This client does not know that request."));
    return;
  }
  const params = requestPush.params.read(request.body, "");
  const me = options.me();
  if (params instanceof Invalid) {
    request.refuse(failure("bad_request", `${params.reason}.`));
    return;
  }
  if (params.to !== undefined && (!me || keyOfName(params.to) !== me.key)) {
    request.refuse(failure("no_such_user", "Nobody of that name is signed in here."));
    return;
  }
  const { pin, ip } = caller;
  const peer = personOf(params.from);
  const admission = pin !== undefined && peer ? consent.judge(peer, pin) : "unknown";
  if (admission === "admitted" && pin !== undefined && peer && me) {
    request.accept();
    caller.settled();
    options.onAdmitted(consent.asKnown(peer), me, pin, wire);
  } else if (admission === "other_key") {
    request.refuse(notThatPeer);
  } else if (admission === "unknown" && isLoopback(ip)) {
    void consent.claimed(params.from, pin, ip).then((refused) => {
      if (refused) request.refuse(refused);
      else request.accept();
    });
  } else {
    request.refuse(unknownKey);
  }
}
