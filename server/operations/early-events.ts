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

  /**
   * For a program that does not serve: a SIGHUP ends it like any other, and Node's warnings are shown, but for those that say
   * only that SQLite is new to it.
   */
  release(): void {
    // One that has arrived is told in this turn.
    setImmediate(() => {
      process.off("SIGHUP", this.#onHangup);
      if (this.#hangups > 0) process.kill(process.pid, "SIGHUP");
    });
    this.onWarning(({ name, message }) => {
      if (name !== "ExperimentalWarning") process.stderr.write(`chat-room-server: ${name}: ${message}\n`);
    });
  }
}
