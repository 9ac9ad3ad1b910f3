// Events from before the server listens: a reload by SIGHUP, which would end the process, and Node's own warnings, which
// would appear between the JSON lines of the log. Both are held from the first moment until somebody takes them. Imports
// nothing.

const maxHeld = 100;

export class EarlyEvents {
  #warnings: Error[] = [];
  #hangups = 0;
  #reportWarning: (warning: Error) => void = (warning) => {
    if (this.#warnings.length < maxHeld) this.#warnings.push(warning);
  };
  #reportHangup: () => void = () => (this.#hangups += 1);
  readonly #onHangup = (): void => this.#reportHangup();

  /** Must be called first of all. */
  constructor() {
    // Node's own listener prints them.
    process.removeAllListeners("warning");
    process.on("warning", (warning) => this.#reportWarning(warning));
    process.on("SIGHUP", this.#onHangup);
  }

  /** Reports warnings from now on, and those from before. */
  onWarning(tell: (warning: Error) => void): void {
    this.#reportWarning = tell;
    for (const warning of this.#warnings.splice(0)) tell(warning);
  }

  /** Reports hangups from now on, and once if there was one before. */
  onHangup(tell: () => void): void {
    this.#reportHangup = tell;
    if (this.#hangups > 0) tell();
    this.#hangups = 0;
  }

  /**
   * For a program that does not serve: SIGHUP ends it like any other, and Node's warnings are printed, except those that
   * only say that SQLite is experimental.
   */
  release(): void {
    // A signal that has already arrived is delivered in this turn.
    setImmediate(() => {
      process.off("SIGHUP", this.#onHangup);
      if (this.#hangups > 0) process.kill(process.pid, "SIGHUP");
    });
    this.onWarning(({ name, message }) => {
      if (name !== "ExperimentalWarning") process.stderr.write(`chat-room-server: ${name}: ${message}\n`);
    });
  }
}
