// The storage figures that every reply carries: running totals, and file sizes that are read from time to time. Logs when
// the file system gets full, and when it has room again.

import type { Clock, Log } from "../../core/ports.ts";
import type { Figures } from "../operations.ts";
import type { BoxSizes } from "./box-sizes.ts";
import type { FileCare, FileSizes } from "./file-care.ts";

/** Shortest time between two looks at the file sizes. */
const sizesMs = 1_000;

export class Gauge {
  readonly #care: FileCare | undefined;
  readonly #boxes: BoxSizes;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #log: Log;
  #sizes: FileSizes = { databaseBytes: 0, walBytes: 0, freeBytes: 0 };
  #sizedMs = -Infinity;
  #hadRoom = true;

  constructor(care: FileCare | undefined, boxes: BoxSizes, clock: Pick<Clock, "monotonicMs">, log: Log) {
    this.#care = care;
    this.#boxes = boxes;
    this.#clock = clock;
    this.#log = log;
  }

  /** The files have changed: their sizes are read again the next time. */
  forget(): void {
    this.#sizedMs = -Infinity;
  }

  /** @param failing the last write failed */
  read(failing: boolean): Figures {
    const { messages, bytes } = this.#boxes.total;
    return { failing: failing || !this.#hasRoom(), letters: messages, letterBytes: bytes, ...this.#fileSizes() };
  }

  #hasRoom(): boolean {
    const hasRoom = this.#care?.hasRoom !== false;
    if (hasRoom !== this.#hadRoom && hasRoom) this.#log.info("storage_has_room");
    if (hasRoom !== this.#hadRoom && !hasRoom) this.#log.error("storage_full");
    this.#hadRoom = hasRoom;
    return hasRoom;
  }

  #fileSizes(): FileSizes {
    const nowMs = this.#clock.monotonicMs();
    if (!this.#care || nowMs - this.#sizedMs < sizesMs) return this.#sizes;
    this.#sizedMs = nowMs;
    try {
      this.#sizes = this.#care.sizes();
    } catch {
      // The last sizes will do.
    }
    return this.#sizes;
  }
}
