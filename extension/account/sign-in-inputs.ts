// Checks the sign-in inputs while the person types. Only what can be known here; whether a server answers at that address,
// or a password is right, is for the daemon and the server to say.

import { limits } from "../../protocol/limits.ts";
import { checkName } from "../../protocol/names.ts";
import { isPin } from "../../protocol/pin.ts";
import { bracketed, isPort, readAddressParts } from "../../protocol/server-address.ts";
import { reasonWords, t } from "../ui/l10n.ts";

/** What this program takes for a new account; a server may take shorter ones. */
const minPasswordLength = 8;

/** Why this cannot be the address of a server; undefined where it can. */
export function serverComplaint(raw: string): string | undefined {
  const text = raw.trim();
  if (text === "") return t("Enter the address of a server, such as 127.0.0.1:8765 or chat://host:port#pin.");
  const { host, port, pin } = readAddressParts(text);
  if (host === undefined) return t("That is no address. Enter host:port, [IPv6]:port or chat://host:port#pin.");
  if (!isPort(port)) return t("A port is a number from 1 to 65535.");
  if (pin !== undefined && !isPin(pin)) return t("The key behind # is not whole: it has 43 characters. Copy it again.");
  return undefined;
}

/** Returns the host of a valid address, IPv6 in brackets. */
export function hostOf(server: string): string {
  return bracketed(readAddressParts(server).host ?? "");
}

/** Returns the key in a valid address. */
export function pinOf(server: string): string | undefined {
  return readAddressParts(server).pin;
}

export function userComplaint(raw: string): string | undefined {
  const checked = checkName(raw.trim());
  return checked.ok ? undefined : reasonWords(checked.reason);
}

export function passwordComplaint(raw: string): string | undefined {
  if (raw === "") return t("Enter the password.");
  if (raw.length > limits.maxPasswordLength)
    return t("A password has at most {0} characters.", limits.maxPasswordLength);
  return undefined;
}

/** Checks a new password. */
export function newPasswordComplaint(raw: string): string | undefined {
  if (raw.length < minPasswordLength) return t("A password needs at least {0} characters.", minPasswordLength);
  return passwordComplaint(raw);
}
