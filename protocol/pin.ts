// A pin identifies a TLS key: base64url of the SHA-256 of its SubjectPublicKeyInfo (RFC 7469 section 2.4). Keys are trusted
// by their pin, never by dates, so a clock that jumps locks nobody out.

/** 43 characters of base64url. */
export type Pin = string & { readonly pin: unique symbol };

const form = /^[A-Za-z0-9_-]{43}$/;

export function isPin(text: string): text is Pin {
  return form.test(text);
}

/** Formats a pin for a person to compare: groups of four; upper and lower case matter. */
export function formatPin(pin: string): string {
  return (pin.match(/.{1,4}/g) ?? []).join(" ");
}
