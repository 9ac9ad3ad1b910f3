// What the system and Node.js say before the server can listen: a reload by SIGHUP, which would end the process, and Node's own
// warnings, which would stand between the JSON lines of the log. Both are kept from the first moment until somebody takes
// them. Loads nothing.

const maxHeld = 100;

export class EarlyEvents {
  #warnings: Error[] = [];
  #hangups = 0;
  #tellWarning: (warning: Error) => void = (warning) => {
    if (this.#warnings.length < maxHeld) this.#warnings.push(warning);
  };
  #tellHangup: () => void = () => (this.#hangups += 1);
  readonly #onHangup = (): void => this.#tellHangup();

  /** Called first thing. */
  constructor() {
    // Node's own listener is the one that prints them.
    process.removeAllListeners("warning");
    process.on("warning", (warning) => this.#tellWarning(warning));
    process.on("SIGHUP", this.#onHangup);
  }

  /** From now on, and those that came before. */
  onWarning(tell: (warning: Error) => void): void {
    this.#tellWarning = tell;
    for (const warning of this.#warnings.splice(0)) tell(warning);
  }

  /** From now on, and once if there was one before. */
  onHangup(tell: () => void): void {
    this.#tellHangup = tell;
    if (this.#hangups > 0) tell();
    this.#hangups = 0;
  }

  /** A program that does not serve is ended by a SIGHUP like any other. */
  releaseHangup(): void {
    process.off("SIGHUP", this.#onHangup);
    if (this.#hangups > 0) process.kill(process.pid, "SIGHUP");
  }
}
