// Which key and certificate the server shows: the files that the operator named, else its own in the data folder.

import { readFileSync } from "node:fs";
import { ownIdentity, readIdentity } from "../../base/tls/identity.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";

export interface TlsFiles {
  /** PEM, the server's certificate first; a chain may follow. */
  readonly certificate: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

/**
 * @param data the data folder
 * @param nowMs since 1970
 * @throws a sentence that says what to do
 */
export async function serverIdentity(data: string, files: TlsFiles | undefined, nowMs: number): Promise<TlsIdentity> {
  if (files === undefined) return await ownIdentity(data, "chat-room-server", nowMs);
  const name = `--tls-cert ${files.certificate} with --tls-key ${files.key}`;
  return readIdentity(read(files.key), read(files.certificate), name);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be read (${why}). Check the path, and the rights of the server's user.`, {
      cause: error,
    });
  }
}
