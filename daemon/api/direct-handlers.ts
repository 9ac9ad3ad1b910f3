// Handlers for the views' requests about direct links. They find the person, call other modules, and return their answers.

import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { isIpAddress } from "../../protocol/ip/ip.ts";
import { isPin } from "../../protocol/pin.ts";
import type { DaemonApi } from "./api.ts";
import { messageOf } from "../../base/error-message.ts";
import type { Direct } from "../peer/direct.ts";
import { keyHasChanged, switchedOff } from "../peer/direct-errors.ts";
import { personOf } from "../peer/direct-deps.ts";
import type { Person } from "../peer/direct-deps.ts";

export type DirectService = Pick<
  DaemonApi,
  | "answerQuestion"
  | "connectDirectly"
  | "disconnectDirectly"
  | "peerAddress"
  | "safetyNumber"
  | "verifyContact"
  | "acceptKey"
  | "consents"
  | "revokeConsent"
  | "setDirectMode"
>;

/** Finds the contact of that name, asking the server if it is not known here. */
type Find = (user: string) => Promise<{ readonly ok: true; readonly contact: Contact } | Failure>;

export function createDirectHandlers(direct: Direct, find: Find): DirectService {
  const { keys, links, consent, connector, questions } = direct;

  /** Returns the person, if this person may ask them for a direct link at all. */
  async function approachable(user: string): Promise<Person | Failure> {
    const found = await find(user);
    if (!found.ok) return found;
    const { name, blocked } = found.contact;
    const person = personOf(name);
    if (!person) return failure("bad_name");
    if (direct.isSelf(person)) return failure("bad_request", "That is you. Name somebody else.");
    if (blocked) return failure("blocked", `You block ${name}. Unblock them first.`);
    return person;
  }

  return {
    answerQuestion: ({ id, answer }) =>
      questions.answer(id, answer) ? { ok: true } : failure("bad_request", "That question is gone: it was too late."),

    connectDirectly: async ({ user }) => {
      if (direct.settings.mode === "off") return switchedOff;
      const trouble = keys.trouble;
      if (trouble) return trouble;
      const person = await approachable(user);
      if ("code" in person) return person;
      if (keys.get(person.key)?.changed !== undefined) return failure("denied", keyHasChanged(person.name));
      const welcomed = stored(() => {
        consent.welcome(person.key);
        return { ok: true } as const;
      });
      if (!welcomed.ok) return welcomed;
      const made = connector.connect(person);
      questions.agreeTo(person.name);
      return await made;
    },
    disconnectDirectly: async ({ user }) => {
      const trouble = keys.trouble;
      if (trouble) return trouble;
      const person = personOf(user);
      if (!person) return failure("bad_name");
      connector.cancel(person.key);
      consent.withdraw(person.key);
      await links.end(person.key, "closed");
      return { ok: true };
    },
    peerAddress: async ({ user }) => {
      const person = await approachable(user);
      if ("code" in person) return person;
      const answer = await connector.whereIs(person);
      if (!answer.ok) return answer;
      const { ip, port, key, addresses = [] } = answer.value;
      const places = addresses.filter((place) => isIpAddress(place.ip));
      return { ok: true, ip, port, addresses: places, ...(key !== undefined && isPin(key) ? { key } : {}) };
    },

    safetyNumber: ({ user }) => keys.safetyNumber(user),
    verifyContact: ({ user, key, verified }) => stored(() => keys.verify(user, key, verified)),
    acceptKey: async ({ user, key }) => {
      const record = stored(() => keys.accept(user, key));
      if ("code" in record) return record;
      consent.withdraw(record.user);
      const link = links.of(record.user);
      if (link && link.pin !== record.pin) await links.end(record.user, "closed");
      return { ok: true };
    },
    consents: () => keys.trouble ?? { ok: true, consents: keys.consents() },
    revokeConsent: ({ user }) => {
      const trouble = keys.trouble;
      if (trouble) return trouble;
      const person = personOf(user);
      if (!person) return failure("bad_name");
      return stored(() => {
        direct.forget(person.key);
        return { ok: true };
      });
    },
    setDirectMode: (settings) => direct.set(settings),
  };
}

/** Runs a change of the contacts' keys; returns why it could not be stored, if it failed. */
function stored<T>(change: () => T): T | Failure {
  try {
    return change();
  } catch (error) {
    const why = messageOf(error);
    return failure("unavailable", `That cannot be stored on this machine: ${why}. Free some space and try again.`);
  }
}
