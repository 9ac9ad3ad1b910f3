// Starts a real daemon as its own process on a home of its own, and clients to it. Runs daemon/main.ts, or the bundle named
// by CHAT_ROOM_TEST_DAEMON. Tests wait for what a view is shown and never sleep.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from "vscode-jsonrpc/node";
import type { MessageConnection } from "vscode-jsonrpc/node";
import { connectOnly } from "../../base/rendezvous/connect.ts";
import { DaemonConnection } from "../../cli/connection/daemon-connection.ts";
import {
  contactsChanged,
  focus,
  messagesChanged,
  notice,
  ownPresence,
  sessionChanged,
  tell,
} from "../../protocol/api/notifications.ts";
import { questionsChanged } from "../../protocol/api/direct.ts";
import type { ConsentRequest } from "../../protocol/api/direct.ts";
import * as requests from "../../protocol/api/session.ts";
import { send } from "../../protocol/conversations/kinds/text.ts";
import type { ChatMessage, Contact, OwnPresence, SessionState } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { editorProtocol } from "../../protocol/api/api-version.ts";

export const daemonProgram =
  process.env["CHAT_ROOM_TEST_DAEMON"] ?? fileURLToPath(new URL("../../daemon/main.ts", import.meta.url));
export const cliProgram =
  process.env["CHAT_ROOM_TEST_CLI"] ?? fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

const timeoutMs = 15_000;

export interface DaemonOptions {
  /** The home of an earlier daemon; otherwise one is created. */
  readonly home?: string;
  readonly args?: readonly string[];
  /** Prefix of the command line, such as a `runner` of namespaces.ts. */
  readonly runner?: readonly string[];
}

/** A daemon's process. It ends with the test that started it. */
export class DaemonProcess {
  readonly home: string;
  readonly ended: Promise<number | null>;
  readonly process: ChildProcess;
  readonly #views: TestView[] = [];
  static readonly #running = new Set<DaemonProcess>();
  stderr = "";

  private constructor(home: string, { args = [], runner = [] }: DaemonOptions) {
    this.home = home;
    const [command = process.execPath, ...rest] = [...runner, process.execPath, daemonProgram, ...args];
    this.process = spawn(command, rest, {
      env: { ...process.env, CHAT_ROOM_HOME: home },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => this.process.once("close", (code) => resolve(code)));
    DaemonProcess.#running.add(this);
  }

  /** Starts a daemon and waits until it can be reached. @throws with its error output if it ends instead */
  static async start(options: DaemonOptions = {}): Promise<DaemonProcess> {
    const home = options.home ?? makeHome();
    const daemon = new DaemonProcess(home, options);
    for (;;) {
      const socket = await connectOnly({ folder: home, build: 0, protocol: editorProtocol });
      if (socket) {
        socket.destroy();
        return daemon;
      }
      if (daemon.process.exitCode !== null) throw new Error(`the daemon ended: ${daemon.stderr}`);
      await sleep(20);
    }
  }

  async view(): Promise<TestView> {
    const view = await TestView.open(this.home);
    this.#views.push(view);
    return view;
  }

  /** Sends the signal and waits for the end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    for (const view of this.#views.splice(0)) view.close();
    this.process.kill(signal);
    await this.ended;
  }

  /** Call after each test: a failed test leaves its daemons behind, and a running child keeps the test run from ending. */
  static async disposeAll(): Promise<void> {
    await Promise.all(Array.from(DaemonProcess.#running, (daemon) => daemon.dispose()));
  }

  /** Ends the process if it is still running, and removes the home. */
  async dispose(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.stop("SIGKILL");
    for (const view of this.#views.splice(0)) view.close();
    rmSync(this.home, { recursive: true, force: true });
    DaemonProcess.#running.delete(this);
  }
}

export function makeHome(): string {
  return mkdtempSync(join(tmpdir(), "chat-room-home-"));
}

/** A view that remembers what it was shown. */
export class TestView {
  readonly client: DaemonConnection;
  session: SessionState = { state: "signedOut" };
  ownPresence: OwnPresence | undefined;
  readonly contacts = new Map<ConversationId, Contact>();
  /** Every change of a message, in order of arrival. */
  readonly changes: ChatMessage[] = [];
  readonly notices: string[] = [];
  /** Questions that wait for an answer now. */
  questions: readonly ConsentRequest[] = [];
  readonly told: { message: ChatMessage; title: string }[] = [];
  readonly #checks = new Set<() => void>();

  private constructor(client: DaemonConnection) {
    this.client = client;
    const changed = (): void => this.#checks.forEach((check) => check());
    client.on(sessionChanged, ({ session }) => {
      this.session = session;
      changed();
    });
    client.on(ownPresence, (presence) => {
      this.ownPresence = presence;
      changed();
    });
    client.on(messagesChanged, ({ messages }) => {
      this.changes.push(...messages);
      changed();
    });
    client.on(notice, ({ text }) => {
      this.notices.push(text);
      changed();
    });
    client.on(questionsChanged, ({ questions }) => {
      this.questions = questions;
      changed();
    });
    client.on(tell, (told) => {
      this.told.push(told);
      changed();
    });
    client.on(contactsChanged, ({ changed: contacts, removed }) => {
      for (const contact of contacts) this.contacts.set(contact.conversation, contact);
      for (const conversation of removed) this.contacts.delete(conversation);
      changed();
    });
  }

  static async open(home: string): Promise<TestView> {
    const socket = await connectOnly({ folder: home, build: 0, protocol: editorProtocol });
    if (!socket) throw new Error("no daemon runs");
    const view = new TestView(new DaemonConnection(socket));
    const snapshot = await view.client.request(requests.snapshot, {});
    if (!snapshot.ok) throw new Error(snapshot.reason);
    view.session = snapshot.session;
    view.ownPresence = snapshot.ownPresence;
    for (const contact of snapshot.contacts) view.contacts.set(contact.conversation, contact);
    return view;
  }

  /** Waits until `found` returns something for what the view was shown. */
  async until<T>(what: string, found: () => T | undefined | false): Promise<T> {
    return await new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#checks.delete(check);
        reject(new Error(`not seen in time: ${what}; session ${JSON.stringify(this.session)}`));
      }, timeoutMs);
      const check = (): void => {
        const value = found();
        if (value === undefined || value === false) return;
        clearTimeout(deadline);
        this.#checks.delete(check);
        resolve(value);
      };
      this.#checks.add(check);
      check();
    });
  }

  async untilState(state: SessionState["state"]): Promise<SessionState> {
    return await this.until(`session ${state}`, () => this.session.state === state && this.session);
  }

  /** Creates the account and signs in. */
  async join(port: number, user: string): Promise<void> {
    const params = { server: `127.0.0.1:${port}`, user, password: `secret of ${user}` };
    const made = await this.client.request(requests.register, params);
    if (!made.ok) throw new Error(made.reason);
    await this.signIn(port, user);
  }

  async signIn(port: number, user: string): Promise<void> {
    const params = { server: `127.0.0.1:${port}`, user, password: `secret of ${user}` };
    const signed = await this.client.request(requests.signIn, params);
    if (!signed.ok) throw new Error(signed.reason);
  }

  async send(conversation: ConversationId, text: string): Promise<ChatMessage> {
    const sent = await this.client.request(send, { conversation, text });
    if (!sent.ok) throw new Error(sent.reason);
    return sent.message;
  }

  /** Waits until that message is in one of the states. */
  async untilMessage(mid: string, ...states: ChatMessage["state"][]): Promise<ChatMessage> {
    return await this.until(`message ${states.join(" or ")}`, () =>
      this.changes.findLast((each) => each.mid === mid && states.includes(each.state)),
    );
  }

  async history(conversation: ConversationId): Promise<ChatMessage[]> {
    const page = await this.client.request(requests.history, { conversation, limit: 500 });
    if (!page.ok) throw new Error(page.reason);
    return page.messages;
  }

  /** Waits until the conversation has this many messages of others. */
  async untilReceived(conversation: ConversationId, count: number): Promise<ChatMessage[]> {
    for (;;) {
      // A message that comes while the history is read may be missing in it.
      const seen = this.changes.length;
      const received = (await this.history(conversation)).filter(({ own }) => !own);
      if (received.length >= count) return received;
      await this.until(`${count} messages of ${conversation}`, () => this.changes.length > seen);
    }
  }

  focus(focused: boolean, ...visible: ConversationId[]): void {
    this.client.notify(focus, { focused, visible });
  }

  close(): void {
    this.client.close();
  }
}

/** A JSON-RPC connection that sends whatever a test wants, valid or not. */
export async function openRaw(home: string): Promise<MessageConnection> {
  const socket = await connectOnly({ folder: home, build: 0, protocol: editorProtocol });
  if (!socket) throw new Error("no daemon runs");
  const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  connection.listen();
  return connection;
}

/** Resolves when the daemon has closed it. */
export async function closeOf(connection: MessageConnection): Promise<void> {
  await new Promise<void>((resolve) => connection.onClose(resolve));
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line on that home and waits for its end. */
export async function runCli(
  home: string,
  args: readonly string[],
  input: string | Uint8Array = "",
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const child = startCli(home, args, env);
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin?.on("error", () => undefined).end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

export function startCli(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [cliProgram, ...args], {
    env: { ...process.env, CHAT_ROOM_HOME: home, ...env },
    stdio: "pipe",
  });
}
