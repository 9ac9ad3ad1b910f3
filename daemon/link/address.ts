// Where a server is, as a person writes it: `host`, `host:port`, `[::1]:port`, or the `chat://` address it printed.

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** The one spelling of it: the account's `server`. */
  readonly text: string;
}

export const defaultPort = 8765;

/** @returns the address, or a sentence that says what is wrong */
export function parseServerAddress(given: string): ServerAddress | string {
  const trimmed = given.trim();
  const scheme = /^chat:\/\//i.exec(trimmed)?.[0] ?? "";
  const rest = trimmed.slice(scheme.length).replace(/\/$/, "");
  if (rest.includes("#")) {
    // Dropping the pin would connect to whoever answers, which is just what its owner does not want.
    return "This version cannot check the pin behind the # of that address. Use a server on this machine without one.";
  }
  const found = /^(?:\[([0-9a-f:.%]+)\]|([^\s:/[\]@?]+))(?::(\d{1,5}))?$/i.exec(rest);
  const host = (found?.[1] ?? found?.[2])?.toLowerCase();
  const port = found?.[3] === undefined ? defaultPort : Number(found[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    return `"${trimmed.slice(0, 100)}" is not a server address. Write it as host:port, for example 127.0.0.1:${defaultPort}.`;
  }
  return { host, port, text: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}` };
}
