// What a person types to sign in, checked as they type. Only what can be known here: whether a server answers at that
// address, or a password is right, is for the daemon and the server to say.

import { limits } from "../../protocol/limits.ts";
import { checkName } from "../../protocol/names.ts";

export const defaultServer = "127.0.0.1:8765";

const hostAndPort = /^(?:\[[0-9a-f:.%]+\]|[^\s:/#?@[\]]+)(?::(\d{1,5}))?$/i;

/** Why this cannot be the address of a server; undefined where it can. */
export function serverComplaint(raw: string): string | undefined {
  const text = raw.trim();
  if (text === "") return "Enter the address of a server, such as 127.0.0.1:8765 or chat://host:port#pin.";
  const address = text.replace(/^chat:\/\//i, "").replace(/#.*$/u, "");
  const match = hostAndPort.exec(address);
  if (match === null) return "That is no address. Enter host:port, [IPv6]:port or chat://host:port#pin.";
  const port = match[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return "A port is a number from 1 to 65535.";
  return undefined;
}

export function userComplaint(raw: string): string | undefined {
  const checked = checkName(raw.trim());
  return checked.ok ? undefined : checked.reason;
}

export function passwordComplaint(raw: string): string | undefined {
  if (raw === "") return "Enter the password.";
  if (raw.length > limits.maxPasswordLength) return `A password has at most ${limits.maxPasswordLength} characters.`;
  return undefined;
}
