// Environment variables that nobody set on purpose: Kubernetes adds the addresses of all Services of a namespace to every
// pod. A Service named `chat-room-server` makes some that begin like ours (kubernetes.io, "Accessing the Service:
// environment variables").

const service = /(?:^|_)SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$/;
const dockerLink = /(?:^|_)PORT_\d{1,5}_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/;
const portOfLink = /(?:^|_)PORT$/;
const linkValue = /^(?:tcp|udp|sctp):\/\//;

/** @param name the part after our prefix */
export function isInjected(name: string, value: string): boolean {
  return service.test(name) || dockerLink.test(name) || (portOfLink.test(name) && linkValue.test(value));
}
