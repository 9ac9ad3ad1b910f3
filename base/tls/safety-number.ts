// The number that two people compare to know that nobody is between them: 60 digits over both keys and both names, the same
// on both sides. Each half is made from one person's key by many rounds of a hash, so that it is expensive to find a key
// with a chosen half. The halves are sorted, so it does not matter who computes the number.

import { createHash } from "node:crypto";
import type { UserKey } from "../../protocol/ids.ts";
import type { Pin } from "../../protocol/pin.ts";

export interface KeyHolder {
  readonly user: UserKey;
  readonly pin: Pin;
}

/** Changes with the way the number is made. */
const version = "chat-room safety number 1";
const rounds = 5_200;
const groups = 6;
const bytesPerGroup = 5;
const digitsPerGroup = 5;

/** 60 digits. */
export function safetyNumber(one: KeyHolder, other: KeyHolder): string {
  return [half(one), half(other)].sort().join("");
}

/** 30 digits: six groups, each five bytes of the hash modulo 100,000. */
function half({ user, pin }: KeyHolder): string {
  const key = Buffer.from(pin, "base64url");
  let hash: Buffer = Buffer.concat([Buffer.from(`${version}\0`), key, Buffer.from(`\0${user}`)]);
  for (let round = 0; round < rounds; round += 1) hash = createHash("sha512").update(hash).update(key).digest();
  let digits = "";
  for (let group = 0; group < groups; group += 1) {
    const number = hash.readUIntBE(group * bytesPerGroup, bytesPerGroup) % 10 ** digitsPerGroup;
    digits += String(number).padStart(digitsPerGroup, "0");
  }
  return digits;
}
