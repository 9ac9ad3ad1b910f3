// Hosts that a test creates on one machine: network namespaces on bridges, with programs in them. Needs root, `ip` and
// `nft`; if one is missing, the tests are skipped with the reason. The machine's own network is not touched. Everything is
// removed at the end, also after a failure; leftovers of a killed run are removed by the next one.

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";

const prefix = "chatroom";
const inputHook = "{ type filter hook input priority 0; }";
const dialler = fileURLToPath(new URL("dial.ts", import.meta.url));

/** Returns the reason why namespaces are not possible here; undefined if they are. */
export function namespacesUnable(): string | undefined {
  const missing = ["ip", "nft"].filter((tool) => spawnSync(tool, ["-V"]).error);
  if (missing.length > 0) return `${missing.join(" and ")} missing: install iproute2 and nftables`;
  const probe = `${prefix}-${process.pid}-probe`;
  const made = tryRun("ip", "netns", "add", probe);
  if (!made.ok) return `no network namespaces here (${made.stderr}): run as root`;
  const filters = tryRun("ip", "netns", "exec", probe, "nft", "add table inet chatroom");
  run("ip", "netns", "del", probe);
  return filters.ok ? undefined : `no packet filters here (${filters.stderr})`;
}

/** Some networks and the hosts on them. Both are named by a letter or a short word. */
export class Internet {
  static #made = 0;
  readonly #name: string;
  readonly #networks: string[] = [];
  #cablesLaid = 0;
  #disposed = false;
  readonly #onExit = (): void => this.dispose();

  constructor() {
    removeLeftovers();
    Internet.#made += 1;
    this.#name = `${prefix}-${process.pid}-${Internet.#made}`;
    process.once("exit", this.#onExit);
    run("ip", "netns", "add", `${this.#name}-cables`);
  }

  /** Creates a network, 10.77.N.0/24. @returns its number, N */
  network(): number {
    const number = this.#networks.length + 1;
    const bridge = `br${number}`;
    this.#networks.push(bridge);
    this.#cables("link", "add", bridge, "type", "bridge");
    this.#cables("link", "set", bridge, "up");
    return number;
  }

  /** Creates a host without cables. */
  host(name: string): Host {
    const namespace = `${this.#name}-${name}`;
    run("ip", "netns", "add", namespace);
    run("ip", "-n", namespace, "link", "set", "lo", "up");
    return new Host(namespace, (own, network) => this.#plug(namespace, own, network));
  }

  /** Removes everything. Call after every process in it has ended. Idempotent. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    process.off("exit", this.#onExit);
    for (const name of namespaces()) if (name.startsWith(`${this.#name}-`)) tryRun("ip", "netns", "del", name);
  }

  #plug(namespace: string, own: string, network: number): void {
    this.#cablesLaid += 1;
    const cable = `c${this.#cablesLaid}`;
    this.#cables("link", "add", cable, "type", "veth", "peer", "name", own, "netns", namespace);
    this.#cables("link", "set", cable, "master", `br${network}`, "up");
  }

  #cables(...args: string[]): void {
    run("ip", "-n", `${this.#name}-cables`, ...args);
  }
}

export class Host {
  /** Prefix of a command line that is to run on this host. */
  readonly runner: readonly string[];
  /** By interface. */
  readonly addresses = new Map<string, string>();
  readonly #namespace: string;
  readonly #plug: (own: string, network: number) => void;

  /** @param plug creates an interface of that name on that network */
  constructor(namespace: string, plug: (own: string, network: number) => void) {
    this.#namespace = namespace;
    this.#plug = plug;
    this.runner = ["ip", "netns", "exec", namespace];
  }

  /** Adds an interface on that network, with the address 10.77.NETWORK.NUMBER. @returns the address */
  join(network: number, number: number, own = `eth${network}`): string {
    const address = `10.77.${network}.${number}`;
    this.#plug(own, network);
    this.#ip("address", "add", `${address}/24`, "dev", own);
    this.#ip("link", "set", own, "up");
    this.addresses.set(own, address);
    return address;
  }

  down(own: string): void {
    this.#ip("link", "set", own, "down");
  }

  up(own: string): void {
    this.#ip("link", "set", own, "up");
  }

  /** Blocks new connections from that address to here. Answers to connections opened here still arrive. */
  refuseFrom(address: string): void {
    this.#onInput(`ip saddr ${address} tcp flags & (syn | ack) == syn drop`);
  }

  /** Counts the packets from that address. */
  countFrom(address: string): void {
    this.#onInput(`ip saddr ${address} counter`);
  }

  /** Returns the number of counted packets. */
  counted(): number {
    const { stdout } = tryRun(...this.runner, "nft", "list table inet chatroom");
    return Number(/counter packets (\d+)/.exec(stdout)?.[1]);
  }

  /** Removes all these rules. */
  allowAll(): void {
    tryRun(...this.runner, "nft", "delete table inet chatroom");
  }

  /** Opens a connection from this host. @throws if it is refused, or takes longer than 5 s */
  async dial(host: string, port: number): Promise<Duplex> {
    const [command, ...args] = [...this.runner, process.execPath, dialler, host, String(port)];
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    await new Promise<void>((resolve, reject) => {
      let output = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.startsWith("connected\n")) resolve();
      });
      child.once("close", () => reject(new Error(output.trim())));
    });
    return streamOf(child);
  }

  #ip(...args: string[]): void {
    run("ip", "-n", this.#namespace, ...args);
  }

  #onInput(rule: string): void {
    const commands = ["add table inet chatroom", `add chain inet chatroom input ${inputHook}`];
    for (const command of [...commands, `add rule inet chatroom input ${rule}`]) run(...this.runner, "nft", command);
  }
}

/** Returns the process's input and output as one stream; destroying it ends the process. */
function streamOf(child: ChildProcess): Duplex {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("the process has no pipes");
  const stream = Duplex.from({ writable: stdin, readable: stdout });
  stream.on("error", () => undefined);
  stream.once("close", () => child.kill("SIGKILL"));
  return stream;
}

/** Removes the namespaces of test processes that are gone. */
function removeLeftovers(): void {
  for (const name of namespaces()) {
    const pid = new RegExp(`^${prefix}-(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) tryRun("ip", "netns", "del", name);
  }
}

function namespaces(): string[] {
  const { stdout } = spawnSync("ip", ["netns", "list"], { encoding: "utf8" });
  return stdout.split("\n").map((line) => line.split(" ")[0] ?? "");
}

function run(...words: string[]): void {
  const done = tryRun(...words);
  if (!done.ok) throw new Error(`${words.join(" ")}: ${done.stderr}`);
}

function tryRun(...words: string[]): { readonly ok: boolean; readonly stdout: string; readonly stderr: string } {
  const [command, args] = [words[0] ?? "", words.slice(1)];
  const done = spawnSync(command, args, { encoding: "utf8" });
  if (done.error) return { ok: false, stdout: "", stderr: done.error.message };
  return { ok: done.status === 0, stdout: done.stdout, stderr: done.stderr.trim() };
}
