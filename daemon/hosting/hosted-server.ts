// A chat server on this machine, started from the editor. The daemon runs it, remembers it, and starts it again after a
// crash or a restart of the daemon until the person stops it. Its data is in `<home>/server`.

import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Clock, Timer } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { readPrivateJson, writePrivateFile } from "../../base/files/private-file.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { integer, object } from "../../protocol/validate.ts";
import { defaultPort } from "../../protocol/server-address.ts";
import { messageOf } from "../../base/error-message.ts";
import { Backoff } from "../connection/backoff.ts";
import { RotatingFile } from "../lifetime/rotating-file.ts";
import { Mutex } from "../engine/mutex.ts";
import type { ServerChild } from "./server-child.ts";

export interface HostedServerOptions {
  readonly home: string;
  readonly script: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Called when it has started or stopped running. */
  onChanged(): void;
}

type StartOutcome = { readonly ok: true; readonly address: string; readonly alreadyRunning: boolean } | Failure;

const wantedSchema = object({ port: integer({ min: 1, max: 65_535 }) });

export class HostedServer {
  readonly #options: HostedServerOptions;
  readonly #wantedPath: string;
  #running: { readonly child: ServerChild; readonly address: string } | undefined;
  #backoff = Backoff.first;
  #timer: Timer | undefined;
  /** The server's output, for the person who runs it. */
  readonly #serverLog: RotatingFile;
  /** Why it is not running although it is wanted. */
  #trouble: string | undefined;
  readonly #mutex = new Mutex();
  #changes = 0;
  #disposed = false;

  constructor(options: HostedServerOptions) {
    this.#options = options;
    this.#wantedPath = join(options.home, "hosted-server.json");
    this.#serverLog = new RotatingFile(join(options.home, "server.log"));
  }

  /** `host:port` while it runs. */
  get address(): string | undefined {
    return this.#running?.address;
  }

  /** Why it is not running now, although a person wants it to. */
  get trouble(): string | undefined {
    return this.#running ? undefined : this.#trouble;
  }

  /** Whether a person started it and has not stopped it, even if it is not running at the moment. */
  get wanted(): boolean {
    return this.#running !== undefined || this.#timer !== undefined;
  }

  /** Whether it is being started or stopped. */
  get isChanging(): boolean {
    return this.#changes > 0;
  }

  /** Starts it again if it was running when the daemon ended. */
  resume(): void {
    const wanted = readPrivateJson(this.#wantedPath, wantedSchema);
    if (wanted) void this.start(wanted.port).then((outcome) => this.#checkRestart(outcome));
  }

  /** Starts it. @param port default 8765, else a free one; a port that was asked for is not replaced */
  async start(port?: number): Promise<StartOutcome> {
    return await this.#runExclusive(async () => {
      if (this.#running) return { ok: true, address: this.#running.address, alreadyRunning: true };
      const chosen = port ?? ((await isFree(defaultPort)) ? defaultPort : 0);
      return await this.#start(chosen);
    });
  }

  async stop(): Promise<{ readonly ok: true; readonly wasRunning: boolean }> {
    return await this.#runExclusive(async () => {
      const wasRunning = this.wanted;
      rmSync(this.#wantedPath, { force: true });
      await this.#halt();
      return { ok: true, wasRunning };
    });
  }

  /** Stops the server with the daemon. The next daemon starts it again. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#runExclusive(() => this.#halt());
  }

  async #runExclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#changes += 1;
    try {
      return await this.#mutex.runExclusive(work);
    } finally {
      this.#changes -= 1;
    }
  }

  async #start(port: number): Promise<StartOutcome> {
    const { home, script, clock, log } = this.#options;
    if (this.#disposed) return failure("unavailable", "The daemon is ending.");
    const data = join(home, "server");
    // Loaded on demand, because few people host a server and the code that starts programs takes a megabyte.
    const [{ ServerChild: Child }, { keptProgram }] = await Promise.all([
      import("./server-child.ts"),
      import("./kept-program.ts"),
    ]);
    const started = await begin(async () => {
      const program = keptProgram(home, script);
      return await Child.start({
        ...{ script: program, data, port, clock, log: (text) => this.#serverLog.write(text) },
        onDied: (why) => this.#died(port, why),
      });
    });
    this.#trouble = started.ok ? undefined : started.reason;
    if (!started.ok) {
      log.warn("hosted server not started", { reason: started.reason });
      return failure("unavailable", started.reason);
    }
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#running = { child: started.child, address: started.address };
    this.#remember(started.port);
    log.info("hosted server started", { address: started.address });
    this.#options.onChanged();
    return { ok: true, address: started.address, alreadyRunning: false };
  }

  /** Stores that it is wanted. If that fails, it runs until the daemon ends. */
  #remember(port: number): void {
    try {
      writePrivateFile(this.#wantedPath, JSON.stringify({ port }));
    } catch (error) {
      this.#options.log.error("hosted server not remembered", { error: String(error) });
    }
  }

  async #halt(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = undefined;
    const running = this.#running;
    this.#running = undefined;
    this.#trouble = undefined;
    await running?.child.stop();
    if (running) this.#options.log.info("hosted server stopped");
    this.#options.onChanged();
  }

  #died(port: number, why: string): void {
    this.#options.log.error("hosted server died", { port, reason: why });
    this.#trouble = why;
    this.#running = undefined;
    this.#restartLater();
    this.#options.onChanged();
  }

  #restartLater(): void {
    const { clock, random } = this.#options;
    if (this.#disposed) return;
    const { delayMs, policy } = this.#backoff.next(random());
    this.#backoff = policy;
    this.#timer?.dispose();
    this.#timer = clock.setTimer(delayMs, () => this.resume());
  }

  #checkRestart(outcome: StartOutcome): void {
    if (outcome.ok) this.#backoff = Backoff.first;
    else if (readPrivateJson(this.#wantedPath, wantedSchema)) this.#restartLater();
  }
}

type Started = Awaited<ReturnType<typeof ServerChild.start>>;

/** Also turns exceptions during the start into reasons. */
async function begin(start: () => Promise<Started>): Promise<Started> {
  try {
    return await start();
  } catch (error) {
    return { ok: false, reason: messageOf(error) };
  }
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host: "127.0.0.1", port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
