// The server's own machine, as its connections are named.

/** @param address a textual IP address */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
