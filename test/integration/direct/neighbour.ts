// One person of the tests of direct talk: a real daemon, on this machine or on a host of a test's own, and a view that
// answers questions as a person would. Where a listener is and with which key a device shows itself, an attacker may know.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { identityFile, readIdentity } from "../../../base/tls/identity.ts";
import type { TlsIdentity } from "../../../base/tls/identity.ts";
import { answerQuestion, connectDirectly, questionsChanged } from "../../../protocol/api/direct.ts";
import type { ConsentRequest, QuestionAnswer } from "../../../protocol/api/direct.ts";
import type { ChatMessage, Contact, Route } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { history, reconnect, register, signIn } from "../../../protocol/api/session.ts";
import { send } from "../../../protocol/conversations/kinds/text.ts";
import { until } from "../../chaos/support/until.ts";
import { DaemonProcess } from "../../support/daemon-process.ts";
import type { DaemonOptions, TestView } from "../../support/daemon-process.ts";

/** Without clients for so long a daemon would end; these are killed instead. */
const args = ["--idle-exit-ms", "3600000"];

export class Neighbour {
  readonly name: string;
  daemon: DaemonProcess;
  view: TestView;
  /** Every question that was ever shown, in order. */
  readonly asked: ConsentRequest[] = [];
  /** What is said to every question; undefined: nothing. */
  answer: QuestionAnswer | undefined;
  readonly #options: DaemonOptions;

  private constructor(name: string, options: DaemonOptions, daemon: DaemonProcess, view: TestView) {
    this.name = name;
    this.#options = options;
    this.daemon = daemon;
    this.view = view;
    this.#watch();
  }

  /** @param server as `chat://host:port#pin`, or loopback without the pin @param options `runner` of a host, or a home */
  static async join(name: string, server: string, options: DaemonOptions = {}): Promise<Neighbour> {
    const daemon = await DaemonProcess.start({ args, ...options });
    const neighbour = new Neighbour(name, options, daemon, await daemon.view());
    const entry = { server, user: name, password: `secret of ${name}` };
    const made = await neighbour.view.client.request(register, entry);
    if (!made.ok) throw new Error(made.reason);
    const entered = await neighbour.view.client.request(signIn, entry);
    if (!entered.ok) throw new Error(entered.reason);
    await neighbour.view.untilState("connected");
    return neighbour;
  }

  /** The port is opened, as at the first use: somebody who is never there is asked for a link. */
  async listen(): Promise<void> {
    const { session } = this.view;
    const server = "account" in session ? session.account.server : "";
    const away = { server, user: "never-there", password: "secret of nobody" };
    await this.view.client.request(register, away);
    const outcome = await this.view.client.request(connectDirectly, { user: away.user });
    if (outcome.ok || outcome.code !== "offline") throw new Error(JSON.stringify(outcome));
  }

  get conversation(): ConversationId {
    return `user:${this.name}`;
  }

  /** Of the listener, as the daemon logged it last. */
  get port(): number {
    const lines = readFileSync(join(this.daemon.home, "daemon.log"), "utf8").trim().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const port = entries.findLast(({ port }) => port !== undefined)?.["port"];
    if (typeof port !== "number") throw new Error(`${this.name} takes no direct connections`);
    return port;
  }

  get identity(): TlsIdentity {
    return identityOf(this.daemon.home);
  }

  contact(other: { readonly conversation: ConversationId }): Contact | undefined {
    return this.view.contacts.get(other.conversation);
  }

  route(other: Neighbour): Route | undefined {
    return this.contact(other)?.route;
  }

  async untilRoute<Kind extends Route["kind"]>(
    other: Neighbour,
    kind: Kind,
  ): Promise<Extract<Route, { readonly kind: Kind }>> {
    const isWanted = (route: Route | undefined): route is Extract<Route, { readonly kind: Kind }> =>
      route?.kind === kind;
    return await this.view.until(`${kind} between ${this.name} and ${other.name}`, () => {
      const route = this.route(other);
      return isWanted(route) && route;
    });
  }

  async untilKnows(other: Neighbour): Promise<void> {
    await this.view.until(`${this.name} knows ${other.name}`, () => this.contact(other) !== undefined);
  }

  async untilAvailable(other: Neighbour): Promise<void> {
    await this.view.until(`${other.name} is there for ${this.name}`, () => {
      return this.contact(other)?.presence === "available";
    });
  }

  async untilAsked(count: number): Promise<ConsentRequest> {
    await until(`${count} questions to ${this.name}`, () => this.asked.length >= count);
    const question = this.asked[count - 1];
    if (!question) throw new Error("no question");
    return question;
  }

  /** @returns false where that question is gone */
  async say(answer: QuestionAnswer, question: ConsentRequest): Promise<boolean> {
    return (await this.view.client.request(answerQuestion, { id: question.id, answer })).ok;
  }

  /** Asks for a direct link. @returns its address, or why there is none */
  async connect(other: Neighbour): Promise<{ readonly address: string } | { readonly why: string }> {
    const answer = await this.view.client.request(connectDirectly, { user: other.name });
    return answer.ok ? { address: answer.address } : { why: answer.reason };
  }

  /** With the other's yes; both heads say so. */
  async connectWithYes(other: Neighbour, answer: QuestionAnswer = "once"): Promise<void> {
    other.answer = answer;
    const outcome = await this.connect(other);
    if ("why" in outcome) throw new Error(`no link from ${this.name} to ${other.name}: ${outcome.why}`);
    await Promise.all([this.untilRoute(other, "direct"), other.untilRoute(this, "direct")]);
  }

  /** @returns the message as it was put on this machine's disk; undefined where the daemon is gone */
  async write(other: Neighbour, text: string): Promise<ChatMessage | undefined> {
    const sent = await this.view.client.request(send, { conversation: other.conversation, text });
    return sent.ok ? sent.message : undefined;
  }

  /** Writes, and waits until the other's daemon has it. */
  async tell(other: Neighbour, text: string): Promise<void> {
    const message = await this.write(other, text);
    if (!message) throw new Error(`${this.name} could not write`);
    await other.view.untilMessage(message.mid, "received");
    await this.view.untilMessage(message.mid, "delivered", "read");
  }

  /** The texts of others in that conversation, in order, from the daemon's disk. */
  async texts(other: Neighbour): Promise<string[]> {
    let found: ChatMessage[] = [];
    for (;;) {
      const before = found[0]?.seq;
      const page = await this.view.client.request(history, {
        ...{ conversation: other.conversation, limit: 500 },
        ...(before === undefined ? {} : { before }),
      });
      if (!page.ok) throw new Error(page.reason);
      found = [...page.messages, ...found];
      if (!page.more) return found.filter(({ own }) => !own).map(({ text }) => text);
    }
  }

  /** Presses Retry until the server is reached. */
  async untilConnected(): Promise<void> {
    const { view } = this;
    while (view.session.state !== "connected") {
      await view.client.request(reconnect, {});
      await view.until("connected or not", () => ["connected", "unreachable"].includes(view.session.state));
    }
  }

  async kill(): Promise<void> {
    await this.daemon.stop("SIGKILL");
  }

  async revive(): Promise<void> {
    this.daemon = await DaemonProcess.start({ args, ...this.#options, home: this.daemon.home });
    this.view = await this.daemon.view();
    this.#watch();
  }

  async dispose(): Promise<void> {
    await this.daemon.dispose();
  }

  #watch(): void {
    const { client } = this.view;
    let known = new Set<string>();
    client.on(questionsChanged, ({ questions }) => {
      for (const question of questions) {
        if (known.has(question.id)) continue;
        this.asked.push(question);
        if (this.answer !== undefined) void client.request(answerQuestion, { id: question.id, answer: this.answer });
      }
      known = new Set(questions.map(({ id }) => id));
    });
  }
}

/** The key of the device, as a thief of the file has it. */
export function identityOf(home: string): TlsIdentity {
  const pem = readFileSync(join(home, identityFile), "utf8");
  const begin = pem.indexOf("-----BEGIN CERTIFICATE");
  return readIdentity(pem.slice(0, begin).trim(), pem.slice(begin).trim(), identityFile);
}
