// Whether an address is this machine itself: what is sent there never reaches a network.

/** @param host a name or an address, as written in an option or as `socket.remoteAddress` has it */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(host);
}
