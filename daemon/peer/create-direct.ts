// Connects direct talk (peer/) with the parts of this daemon: the account and its server link, the core's state, the
// contacts, the views.

import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { limits } from "../../protocol/limits.ts";
import { address } from "../../protocol/wire/direct.ts";
import type { Views } from "../windows/views.ts";
import type { Identity } from "../identity/installation.ts";
import type { ServerLink } from "../connection/server-link.ts";
import type { ContactSync } from "../contacts/contact-sync.ts";
import { Direct } from "./direct.ts";
import { personOf } from "./direct-deps.ts";
import type { Pulse } from "../lifetime/pulse.ts";
import type { Engine } from "../engine/engine.ts";

export interface DirectTalkParts {
  readonly home: string;
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly log: Log;
  readonly identity: Identity;
  readonly views: Views;
  readonly engine: () => Engine;
  readonly people: () => ContactSync;
  readonly link: () => ServerLink | undefined;
  readonly questionsChanged: () => void;
}

/** A little more than the server gives the person who is asked. */
const addressMs = limits.consentMs + limits.authenticationMs;

export function createDirectTalk(parts: DirectTalkParts): Direct {
  const { home, clock, log, identity, views, engine, people, link } = parts;
  return new Direct(
    {
      ...{ clock, pulse: parts.pulse, log },
      identity: () => identity.tls(clock.nowMs()),
      me() {
        const { me, session } = engine().state;
        return me && session.state !== "signedOut" ? personOf(me.account.user) : undefined;
      },
      isBlocked: (conversation) => engine().state.contacts.get(conversation)?.blocked === true,
      hasWritten: (conversation) => engine().history?.hasWritten(conversation) === true,
      askAddress: async (params) => await link()?.request(address, params, undefined, addressMs),
      occur: (occurrence) => engine().dispatch(occurrence),
      pushed: (push, pin) => people().pushed(push, pin),
      lookUp: (name) => void people().look(name),
      block: (user) => people().setBlocked(user, true),
      questionsChanged: parts.questionsChanged,
      announce: (text) => views.announce(text),
      reannounce: async () => await link()?.announce(),
    },
    home,
  );
}

/** Path of the file with the keys of an account's contacts. @param folder the account's folder */
export function keysPath(folder: string): string {
  return join(folder, "peers.json");
}
