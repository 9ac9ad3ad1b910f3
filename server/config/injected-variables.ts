// Variables that nobody chose: Kubernetes puts the addresses of all Services of a namespace into every pod, under their names.
// A Service `chat-room-server` makes some that begin like ours (kubernetes.io, "Accessing the Service: environment variables").

const service = /(?:^|_)SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$/;
const dockerLink = /(?:^|_)PORT_\d{1,5}_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/;
const portOfLink = /(?:^|_)PORT$/;
const linkValue = /^(?:tcp|udp|sctp):\/\//;

/** @param name what stands behind our prefix */
export function isInjected(name: string, value: string): boolean {
  return service.test(name) || dockerLink.test(name) || (portOfLink.test(name) && linkValue.test(value));
}
