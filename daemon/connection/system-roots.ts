// The certificate authorities that this machine trusts: those of the runtime, of NODE_EXTRA_CA_CERTS, and of the system
// where the runtime can ask it. Read once, and only when a server is met whose key nobody knows.

import * as tls from "node:tls";

let roots: string[] | undefined;

export function systemRoots(): string[] {
  roots ??= [...new Set([...rootsOf("default"), ...rootsOf("system")])];
  return roots;
}

function rootsOf(store: "default" | "system"): readonly string[] {
  // Added in Node 22.15; before it there is the list that is built in.
  const { getCACertificates } = tls as Partial<typeof tls>;
  if (!getCACertificates) return tls.rootCertificates;
  try {
    return getCACertificates(store);
  } catch {
    return [];
  }
}
