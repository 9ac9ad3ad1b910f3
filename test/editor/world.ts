// What the tests in VS Code share: the extension's test API, a real server in a process of its own, a second person on
// it who speaks the bare protocol, and the stand-in for the person at the keyboard.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { commands, extensions, TabInputWebview, window } from "vscode";
import type { StandIn, TestApi } from "../../extension/ui/test-api.ts";
import type { TreeNode } from "../../extension/contacts/contact-tree.ts";
import type { Confirmation, Decision, InputRequest, Tone } from "../../extension/ui/prompter-port.ts";

const extensionId = "chat-room.chat-room";

export async function activated(): Promise<TestApi> {
  const extension = extensions.getExtension<TestApi | undefined>(extensionId);
  assert.ok(extension, "the extension is not installed");
  const api = await extension.activate();
  assert.ok(api, "the extension gave no test API: it does not run in test mode");
  return api;
}

export function run<T>(command: string, ...given: unknown[]): Thenable<T> {
  return commands.executeCommand<T>(command, ...given);
}

/** Probes until there is a value; fails with the name of what was waited for. */
export async function until<T>(what: string, probe: () => T | undefined | false, deadlineMs = 20_000): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const value = probe();
    if (value !== undefined && value !== false) return value;
    assert.ok(performance.now() < endMs, `waited ${deadlineMs} ms in vain for ${what}`);
    await wait(25);
  }
}

export function untilSession(api: TestApi, state: string): Promise<true> {
  return until(
    `the session to be ${state}`,
    () => api.store.session?.state === state && api.store.link.state === "connected",
  );
}

/** The labels of the tree, sections with their members. */
export function treeLabels(api: TestApi): unknown[] {
  const { provider } = api.contacts;
  const label = (node: TreeNode): unknown => {
    const own = provider.getTreeItem(node).label;
    return node.kind === "section" ? [own, ...provider.getChildren(node).map(label)] : own;
  };
  return provider.getChildren().map(label);
}

export function openTabs(): string[] {
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof TabInputWebview && tab.input.viewType.endsWith("chatRoom.chat"))
    .map((tab) => tab.label);
}

/** Answers by the first key that the question's prompt, the list's title or the notification holds; else gives up. */
export class PromptScript implements StandIn {
  readonly told: string[] = [];
  readonly #answers: Readonly<Record<string, string>>;
  /** To the questions of this turn. */
  #given: string[] = [];

  constructor(answers: Readonly<Record<string, string>> = {}) {
    this.#answers = answers;
  }

  answer({ step, ...question }: InputRequest): string | undefined {
    if ((step?.at ?? 1) === 1) this.#given = [];
    const answer = this.#find(question.prompt);
    const complaint = answer === undefined ? undefined : question.validate?.(answer, this.#given);
    this.#given.push(answer ?? "");
    assert.equal(complaint, undefined, `the answer to "${question.prompt}" was refused`);
    return answer;
  }

  pick(_labels: readonly string[], offer: { title: string }): string | undefined {
    return this.#find(offer.title);
  }

  press(_tone: Tone, text: string): string | undefined {
    this.told.push(text);
    return this.#find(text);
  }

  confirm({ text, detail, yes }: Confirmation): boolean {
    this.told.push(`${text} ${detail}`);
    return this.#find(text) === yes;
  }

  decide({ text, detail }: Decision): string | undefined {
    this.told.push(`${text} ${detail}`);
    return this.#find(text);
  }

  seek(title: string): string | undefined {
    return this.#find(title);
  }

  #find(text: string): string | undefined {
    return Object.entries(this.#answers).find(([key]) => text.includes(key))?.[1];
  }
}

export interface Server {
  readonly address: string;
  readonly port: number;
  /** Starts it again with the same data and another key. */
  changeKey(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), "cr-server-"));
  const program = join(extensions.getExtension(extensionId)?.extensionPath ?? "", "dist", "server.js");
  const start = (port: number): ChildProcess =>
    spawn(process.execPath, [program, "--port", String(port), "--data", data], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
  let child = start(0);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.kill()) await once(child, "exit");
  };
  const address = await readyAddress(child);
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  return {
    address,
    port,
    changeKey: async () => {
      await stop();
      rmSync(join(data, "tls-identity.pem"));
      child = start(port);
      await readyAddress(child);
    },
    dispose: async () => {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function readyAddress(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^chat-room-server listening on (\S+)$/.exec(line)?.[1];
    if (found === undefined) continue;
    child.stdout.resume();
    return found;
  }
  throw new Error("the server ended before it was ready");
}

interface Place {
  readonly api: TestApi;
  readonly server: Server;
}

/** Before a suite: this window, and a server where nobody has an account yet. */
export async function enterPlace(): Promise<Place> {
  return { api: await activated(), server: await startServer() };
}

/** After a suite: nobody is signed in. */
export async function leavePlace({ api, server }: Place): Promise<void> {
  api.standIn(undefined);
  await run("chatRoom.signOut", { confirmed: true });
  await server.dispose();
}

type Json = Readonly<Record<string, unknown>>;

/** A second person, who speaks the protocol of docs/protocol.md over a plain socket and answers every push. */
export class Peer {
  readonly received: { from: string; msg: string; broadcast: boolean }[] = [];
  readonly #socket: Socket;
  readonly #answers: ((answer: Json) => void)[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on("line", (line) => this.#take(JSON.parse(line) as Json));
    socket.on("error", () => undefined);
  }

  /** With a new account, online. */
  static async join(server: Server, username: string): Promise<Peer> {
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    const peer = new Peer(socket);
    const password = `password of ${username}`;
    assert.equal((await peer.ask({ type: "register", username, password }))["result"], "ok");
    assert.equal((await peer.ask({ type: "auth", username, password, acks: true }))["result"], "ok");
    return peer;
  }

  /** Answers to requests without `id` come in their order [P-2.2]. */
  ask(request: Json): Promise<Json> {
    const { promise, resolve } = Promise.withResolvers<Json>();
    this.#answers.push(resolve);
    this.#socket.write(`${JSON.stringify(request)}\n`);
    return promise;
  }

  dispose(): void {
    this.#socket.destroy();
  }

  #take(line: Json): void {
    if (line["type"] === undefined) {
      this.#answers.shift()?.(line);
      return;
    }
    if (line["type"] === "message") {
      this.received.push({
        from: String(line["from"]),
        msg: String(line["msg"]),
        broadcast: line["broadcast"] === true,
      });
    }
    this.#socket.write(`${JSON.stringify({ id: line["id"], result: "ok" })}\n`);
  }
}
