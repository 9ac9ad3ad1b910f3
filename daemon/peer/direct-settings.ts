// Whether and where this person accepts direct connections. A small file in the home, written by the daemon, so that it
// applies to every window and while none is open.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/files/private-file.ts";
import { directMode } from "../../protocol/api/direct.ts";
import type { DirectMode } from "../../protocol/api/direct.ts";
import { array, integer, object, string } from "../../protocol/validate.ts";

export interface DirectSettings {
  readonly mode: DirectMode;
  /** Names or addresses; empty: all interfaces. */
  readonly interfaces: readonly string[];
  /** 0: any free port. */
  readonly port: number;
}

const schema = object({
  mode: directMode,
  interfaces: array(string({ min: 1, max: 64 }), { max: 32 }),
  port: integer({ min: 0, max: 65_535 }),
});

const initial: DirectSettings = { mode: "ask", interfaces: [], port: 0 };
/** Used if the file cannot be read: nothing is opened. */
const switchedOff: DirectSettings = { mode: "off", interfaces: [], port: 0 };

export class SettingsFile {
  readonly #path: string;

  /** @param home a private folder */
  constructor(home: string) {
    this.#path = join(home, "direct.json");
  }

  /** @throws if the file is not private */
  read(): DirectSettings {
    if (!existsSync(this.#path)) return initial;
    return readPrivateJson(this.#path, schema) ?? switchedOff;
  }

  /** @throws the file system's error */
  write({ mode, interfaces, port }: DirectSettings): void {
    writePrivateFile(this.#path, `${JSON.stringify({ mode, interfaces, port })}\n`);
  }
}
