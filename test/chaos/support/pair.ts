// Two people with real daemons, each behind its own proxy, and one real server that may be killed and restarted. What they
// write and are shown goes into a ledger. "Retry" is pressed for them, as a person does, once the network has recovered.

import { history, reconnect } from "../../../protocol/api/session.ts";
import { send } from "../../../protocol/conversations/kinds/text.ts";
import { messagesChanged, sessionChanged } from "../../../protocol/api/notifications.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { DaemonProcess } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import type { Chance } from "./chance.ts";
import type { Sees } from "./cutter.ts";
import { heal } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { ChaosProxy } from "./proxy.ts";

/** Never ends for lack of clients; these daemons are killed instead. */
const args = ["--idle-exit-ms", "3600000"];
/** No rate limit, and cheap passwords, because nothing about passwords is measured. */
const serverArgs = ["--rate", "0", "--password-cost", "8,1"];

export class Resident {
  readonly name: string;
  readonly proxy: ChaosProxy;
  daemon: DaemonProcess;
  view: TestView;
  #impatient = false;
  readonly #ledger: Ledger;
  /** Called when the view was shown messages. */
  onShown: () => void = () => undefined;
  /** Called when the session was reported as changed. */
  onSession: () => void = () => undefined;

  private constructor(name: string, proxy: ChaosProxy, daemon: DaemonProcess, view: TestView, ledger: Ledger) {
    this.name = name;
    this.proxy = proxy;
    this.daemon = daemon;
    this.view = view;
    this.#ledger = ledger;
    this.#watch();
  }

  /** @param home of the daemon; otherwise one is created */
  static async join(
    name: string,
    port: number,
    ledger: Ledger,
    chance: Chance,
    { home, sees }: { readonly home?: string | undefined; readonly sees?: Sees } = {},
  ): Promise<Resident> {
    const proxy = await ChaosProxy.open(port, chance, sees);
    const daemon = await DaemonProcess.start({ args, ...(home === undefined ? {} : { home }) });
    const resident = new Resident(name, proxy, daemon, await daemon.view(), ledger);
    await resident.view.join(proxy.port, name);
    await resident.view.untilState("connected");
    return resident;
  }

  /** Presses Retry whenever the server cannot be reached. */
  set impatient(impatient: boolean) {
    this.#impatient = impatient;
    this.#press();
  }

  /** @returns the message, or undefined if the daemon was gone, so that the outcome is unknown */
  async write(to: Resident): Promise<ChatMessage | undefined> {
    const text = this.#ledger.write(this.name, to.name);
    const sent = await this.view.client.request(send, { conversation: `user:${to.name}`, text });
    if (!sent.ok) return undefined;
    this.#ledger.acknowledged(text);
    return sent.message;
  }

  async kill(): Promise<void> {
    await this.daemon.stop("SIGKILL");
  }

  async revive(): Promise<void> {
    this.daemon = await DaemonProcess.start({ args, home: this.daemon.home });
    this.view = await this.daemon.view();
    this.#watch();
  }

  /** Returns the whole conversation with somebody, from the daemon's disk. */
  async read(from: Resident, pages = Infinity): Promise<ChatMessage[]> {
    const conversation: ConversationId = `user:${from.name}`;
    let found: ChatMessage[] = [];
    for (let page = 0; page < pages; page += 1) {
      const before = found[0]?.seq;
      const answer = await this.view.client.request(history, {
        ...{ conversation, limit: 500 },
        ...(before === undefined ? {} : { before }),
      });
      if (!answer.ok) throw new Error(answer.reason);
      found = [...answer.messages, ...found];
      if (!answer.more) break;
    }
    return found;
  }

  async dispose(): Promise<void> {
    await this.daemon.dispose();
    await this.proxy.dispose();
  }

  #watch(): void {
    this.view.client.on(sessionChanged, () => {
      this.onSession();
      this.#press();
    });
    this.view.client.on(messagesChanged, () => this.onShown());
  }

  #press(): void {
    if (this.#impatient && this.view.session.state === "unreachable") void this.view.client.request(reconnect, {});
  }
}

export class Pair {
  readonly ledger: Ledger;
  readonly a: Resident;
  readonly b: Resident;
  server: ChatServer;

  private constructor(server: ChatServer, a: Resident, b: Resident, ledger: Ledger) {
    this.server = server;
    this.a = a;
    this.b = b;
    this.ledger = ledger;
  }

  /** @param sees what the proxies see of the connections */
  static async start(chance: Chance, sees: Sees = "lines"): Promise<Pair> {
    const server = await startChatServer({ args: serverArgs });
    const ledger = new Ledger();
    const join = (name: string): Promise<Resident> => Resident.join(name, server.port, ledger, chance, { sees });
    const [a, b] = await Promise.all([join("alice"), join("bob")]);
    return new Pair(server, a, b, ledger);
  }

  async killServer(): Promise<void> {
    await this.server.stop("SIGKILL");
  }

  /** Starts the server again on the same data; the proxies connect to it. */
  async reviveServer(): Promise<void> {
    this.server = await startChatServer({ data: this.server.data, args: serverArgs });
    this.a.proxy.target = this.b.proxy.target = this.server.port;
  }

  /** The network recovers, and both press Retry until `calm`. */
  heal(): void {
    for (const resident of [this.a, this.b]) {
      heal(resident.proxy);
      resident.impatient = true;
    }
  }

  calm(): void {
    this.a.impatient = this.b.impatient = false;
  }

  async dispose(): Promise<void> {
    await Promise.all([this.a.dispose(), this.b.dispose()]);
    await this.server.dispose();
  }
}
