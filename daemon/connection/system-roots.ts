// The certificate authorities that this machine trusts: those of the runtime, of NODE_EXTRA_CA_CERTS, and of the system if
// the runtime can read them. Loaded once, and only for a server whose key is not known.

import * as tls from "node:tls";

let roots: string[] | undefined;

export function systemRoots(): string[] {
  roots ??= [...new Set([...rootsOf("default"), ...rootsOf("system")])];
  return roots;
}

function rootsOf(store: "default" | "system"): readonly string[] {
  // Added in Node 22.15; older versions have only the built-in list.
  const { getCACertificates } = tls as Partial<typeof tls>;
  if (!getCACertificates) return tls.rootCertificates;
  try {
    return getCACertificates(store);
  } catch {
    return [];
  }
}
