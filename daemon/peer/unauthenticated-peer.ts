// A caller at the listener, until it is a link or gone. Before it was admitted it may do one thing: ask. Whose key it has
// proved, if any, decides what its question is worth.

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
  /** It was told so, and is a link from now on. */
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
  const judgement = pin !== undefined && peer ? consent.judge(peer, pin) : "unknown";
  if (judgement === "admitted" && pin !== undefined && peer && me) {
    request.accept();
    caller.settled();
    options.onAdmitted(consent.asKnown(peer), me, pin, wire);
  } else if (judgement === "other_key") {
    request.refuse(notThatPeer);
  } else if (judgement === "unknown" && isLoopback(ip)) {
    void consent.claimed(params.from, pin, ip).then((refused) => {
      if (refused) request.refuse(refused);
      else request.accept();
    });
  } else {
    request.refuse(unknownKey);
  }
}
