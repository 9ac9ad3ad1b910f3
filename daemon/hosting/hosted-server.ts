// A chat server on this machine for whoever wants to start one from the editor: run by the daemon, remembered, and
// started again after a crash or a restart of the daemon until the person stops it. Its data lies in `<home>/server`.

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
  /** Whether it runs has changed. */
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
  /** What it says, for whoever runs it. */
  readonly #serverLog: RotatingFile;
  /** Why it does not run though it is wanted. */
  #trouble: string | undefined;
  readonly #turns = new Mutex();
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

  /** Why it does not run at this moment, though a person wants it to. */
  get trouble(): string | undefined {
    return this.#running ? undefined : this.#trouble;
  }

  /** A person started it and has not stopped it, whether or not it runs at this moment. */
  get wanted(): boolean {
    return this.#running !== undefined || this.#timer !== undefined;
  }

  /** It is being started or stopped. */
  get isChanging(): boolean {
    return this.#changes > 0;
  }

  /** Starts it again if it ran when the daemon ended. */
  resume(): void {
    const wanted = readPrivateJson(this.#wantedPath, wantedSchema);
    if (wanted) void this.start(wanted.port).then((outcome) => this.#checkRestart(outcome));
  }

  /** @param port default 8765, else a free one; a port that was asked for is not replaced */
  async start(port?: number): Promise<StartOutcome> {
    return await this.#take(async () => {
      if (this.#running) return { ok: true, address: this.#running.address, alreadyRunning: true };
      const chosen = port ?? ((await isFree(defaultPort)) ? defaultPort : 0);
      return await this.#start(chosen);
    });
  }

  async stop(): Promise<{ readonly ok: true; readonly wasRunning: boolean }> {
    return await this.#take(async () => {
      const wasRunning = this.wanted;
      rmSync(this.#wantedPath, { force: true });
      await this.#halt();
      return { ok: true, wasRunning };
    });
  }

  /** Ends the server with the daemon; it is started again with the next one. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#take(() => this.#halt());
  }

  async #take<T>(work: () => Promise<T>): Promise<T> {
    this.#changes += 1;
    try {
      return await this.#turns.runExclusive(work);
    } finally {
      this.#changes -= 1;
    }
  }

  async #start(port: number): Promise<StartOutcome> {
    const { home, script, clock, log } = this.#options;
    if (this.#disposed) return failure("unavailable", "The daemon is ending.");
    const data = join(home, "server");
    // Loaded for the few who host a server: what starts programs takes a megabyte.
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

  /** What cannot be remembered runs until the daemon ends. */
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

/** What is thrown on the way is a reason too. */
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
