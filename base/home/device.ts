// Which device a home is: an id that it claims, and the folder of the key that it proves to hold. A home that was copied,
// to another machine or beside the original, becomes a device of its own: two daemons with one device would take the
// session from each other, and each would get half of the messages. Earlier devices are kept, for a home that moves back
// and forth.

import { createHash, randomUUID } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileAt } from "../files/file-identity.ts";
import { ensurePrivateFolder } from "./home.ts";
import { readPrivateJson, writePrivateFile } from "../files/private-file.ts";
import { array, boolean, integer, object, optional, string } from "../../protocol/validate.ts";
import type { Infer } from "../../protocol/validate.ts";

const deviceFields = {
  id: string({ min: 8, max: 128 }),
  /** From `machineName`; absent if it is not known, and in files older than this field. */
  machine: optional(string({ max: 64 })),
  /** Its key is in a folder of its own; the key of the first device is in the home itself. */
  apart: optional(boolean),
};
const former = object(deviceFields);
type Former = Infer<typeof former>;
const schema = object({
  ...deviceFields,
  /** The path of this home when it was last used. */
  home: optional(string({ max: 4_096 })),
  /** It began as a copy of another device's home: when (since 1970), and of which folder, if that is on this machine. */
  copiedAtMs: optional(integer({ min: 0 })),
  copyOf: optional(string({ max: 4_096 })),
  /** The devices that it was before, the newest last. */
  others: optional(array(former)),
});
type Stored = Infer<typeof schema>;

export interface Device {
  readonly id: string;
  /** The folder of its key. */
  readonly folder: string;
  /** What a person should know about it. */
  readonly note: string | undefined;
  /** It has just become a device, because its home was copied. */
  readonly isNew: boolean;
}

const maxOthers = 8;

/**
 * Only for the one process of a home.
 * @param home a private folder
 * @param now the machine it is on, and the time since 1970
 * @throws if the file is not private, or cannot be written
 */
export function ownDevice(home: string, now: { readonly machine: string | undefined; readonly nowMs: number }): Device {
  const path = join(home, "device.json");
  const place = realpathSync(home);
  const known = readPrivateJson(path, schema);
  const here = { home: place, ...(now.machine === undefined ? {} : { machine: now.machine }) };
  const stored = known ? settled(known, here, now.nowMs) : { id: randomUUID(), ...here };
  if (JSON.stringify(stored) !== JSON.stringify(known)) writePrivateFile(path, JSON.stringify(stored));
  return {
    id: stored.id,
    folder: keyFolder(home, stored),
    note: noteOf(stored),
    isNew: known !== undefined && stored.id !== known.id && stored.copiedAtMs === now.nowMs,
  };
}

/** Identifies a home among all: a view that was given the id can tell whether it talks to the right daemon. */
export function homeIdOf(deviceId: string): string {
  return createHash("sha256").update(`chat-room home\n${deviceId}`).digest("base64url").slice(0, 22);
}

/** The id of the home in that folder, if it can be read. */
export function homeIdAt(home: string): string | undefined {
  try {
    const known = readPrivateJson(join(home, "device.json"), schema);
    return known && homeIdOf(known.id);
  } catch {
    return undefined;
  }
}

type Here = { readonly home: string; readonly machine?: string };

/** Decides which device this home is here. */
function settled(known: Stored, here: Here, nowMs: number): Stored {
  const moved = known.machine !== undefined && here.machine !== undefined && known.machine !== here.machine;
  if (!moved && !isCopied(known, here)) return { ...known, ...here };
  const earlier = (known.others ?? []).filter(({ id }) => id !== known.id);
  const others = [...earlier, formerOf(known)].slice(-maxOthers);
  const returned = moved ? others.find((each) => each.machine === here.machine) : undefined;
  if (returned) return { ...returned, ...here, others: others.filter((each) => each !== returned) };
  const copyOf = moved || known.home === undefined ? {} : { copyOf: known.home };
  return { id: randomUUID(), apart: true, ...here, copiedAtMs: nowMs, ...copyOf, others };
}

function formerOf({ id, machine, apart }: Stored): Former {
  return { id, ...(machine === undefined ? {} : { machine }), ...(apart === undefined ? {} : { apart }) };
}

/** Whether the home that this one was copied from is still there, on this machine. */
function isCopied(known: Stored, here: Here): boolean {
  if (known.home === undefined || known.home === here.home) return false;
  const [original, own] = [join(known.home, "device.json"), join(here.home, "device.json")];
  if (!existsSync(original) || fileAt(original) === fileAt(own)) return false;
  try {
    return readPrivateJson(original, schema)?.id === known.id;
  } catch {
    return false;
  }
}

function keyFolder(home: string, { id, apart }: Stored): string {
  if (apart !== true) return home;
  const folder = join(home, "devices", id);
  ensurePrivateFolder(join(home, "devices"));
  ensurePrivateFolder(folder);
  return folder;
}

function noteOf({ copiedAtMs, copyOf }: Stored): string | undefined {
  if (copiedAtMs === undefined) return undefined;
  const date = new Date(copiedAtMs).toISOString().slice(0, 10);
  return (
    `This folder ${copyOf === undefined ? "came here from another machine" : `is a copy of ${copyOf}`}. Since ${date} it is a device of its own, with a key of its own: contacts are told that the key ` +
    "has changed, and should compare the safety number with you."
  );
}
