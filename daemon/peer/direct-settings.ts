// Whether and where this person takes direct connections: a small file in the home, kept by the daemon so that it holds
// for every window and while none is open.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/files/private-file.ts";
import { directMode } from "../../protocol/api/direct.ts";
import type { DirectMode } from "../../protocol/api/direct.ts";
import { array, integer, object, string } from "../../protocol/validate.ts";

export interface DirectSettings {
  readonly mode: DirectMode;
  /** Names or addresses; empty: all of them. */
  readonly interfaces: readonly string[];
  /** 0: any free one. */
  readonly port: number;
}

const schema = object({
  mode: directMode,
  interfaces: array(string({ min: 1, max: 64 }), { max: 32 }),
  port: integer({ min: 0, max: 65_535 }),
});

const initial: DirectSettings = { mode: "ask", interfaces: [], port: 0 };
/** Whoever cannot read what was chosen opens nothing. */
const closed: DirectSettings = { mode: "off", interfaces: [], port: 0 };

export class SettingsFile {
  readonly #path: string;

  /** @param home a private folder */
  constructor(home: string) {
    this.#path = join(home, "direct.json");
  }

  /** @throws where the file is not private */
  read(): DirectSettings {
    if (!existsSync(this.#path)) return initial;
    return readPrivateJson(this.#path, schema) ?? closed;
  }

  /** @throws what the file system says */
  write({ mode, interfaces, port }: DirectSettings): void {
    writePrivateFile(this.#path, `${JSON.stringify({ mode, interfaces, port })}\n`);
  }
}
