// Which key and certificate the server shows: the files that the operator named, or else its own in the data folder.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../base/error-message.ts";
import { identityFile, ownIdentity, readIdentity, storedIdentity } from "../../base/tls/identity.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import type { Log } from "../core/ports.ts";

export interface TlsFiles {
  /** PEM, the server's certificate first; a chain may follow. */
  readonly certificate: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

export interface TlsSource {
  /** The data folder. */
  readonly data: string;
  readonly files: TlsFiles | undefined;
  readonly log: Log;
}

/**
 * Loads the identity at the start. A server without files and without a key makes one.
 * @param nowMs since 1970
 * @throws an error whose sentence says what to do
 */
export async function serverIdentity(source: TlsSource, nowMs: number): Promise<TlsIdentity> {
  if (source.files !== undefined) return readFiles(source.files);
  return await ownIdentity(source.data, "chat-room-server", nowMs, () => logClosedFile(source));
}

/**
 * Reads the same files again, later. Never makes a key: a lost file would lock out everyone who pinned the old key.
 * @throws an error whose sentence says what to do
 */
export function reloadedIdentity(source: TlsSource): TlsIdentity {
  if (source.files !== undefined) return readFiles(source.files);
  const stored = storedIdentity(source.data, () => logClosedFile(source));
  if (stored) return stored;
  const path = join(source.data, identityFile);
  throw new Error(`${path} is gone. Restore it from a backup: at the next start without it everybody meets a new key.`);
}

function logClosedFile({ data, log }: TlsSource): void {
  log.warn("private_file_closed", { file: join(data, identityFile) });
}

function readFiles({ key, certificate }: TlsFiles): TlsIdentity {
  return readIdentity(read(key), read(certificate), `--tls-cert ${certificate} with --tls-key ${key}`);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(
      `${path} cannot be read (${messageOf(error)}). Check the path, and the rights of the server's user.`,
      {
        cause: error,
      },
    );
  }
}
