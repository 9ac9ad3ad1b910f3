// The real page of a chat panel in a real browser, with the real host side of the panel, and a stand-in for the daemon: the
// whole chat without VS Code around it. The page runs under its own content security policy.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { Conversation } from "../../extension/chat/conversation.ts";
import { pageOf } from "../../extension/chat/html.ts";
import { SessionStore } from "../../extension/daemon-client/session-store.ts";
import type { ChatMessage, Contact } from "../../protocol/api/model.ts";
import { fromPanel, readPosted } from "../../protocol/page/page-messages.ts";
import type { FromPanel, ToPanel } from "../../protocol/page/page-messages.ts";
import { history, snapshot } from "../../protocol/api/session.ts";
import { markRead } from "../../protocol/conversations/kinds/read-mark.ts";
import { draft, historyAfter, historyAround, search, setDraft } from "../../protocol/api/conversation.ts";
import { typing } from "../../protocol/conversations/kinds/typing.ts";
import { connectedSession, DaemonStandIn, person, silentLog } from "../unit/extension/stand-ins.ts";
import type { TestBrowser } from "./vscode/browser.ts";

const root = join(import.meta.dirname, "..", "..");
const origin = "http://chat.localhost";

export interface ChatPage {
  readonly page: Page;
  readonly daemon: DaemonStandIn;
  readonly conversation: Conversation;
  /** The history, oldest first. The daemon has to report messages that are added here. */
  readonly messages: ChatMessage[];
  /** Requests of the page that the conversation does not handle: links, actions, code. */
  readonly asked: FromPanel[];
  /** Network requests of the page besides its own files. */
  readonly fetched: readonly string[];
  post(message: ToPanel): Promise<void>;
  dispose(): Promise<void>;
}

export interface ChatPageOptions {
  readonly messages?: ChatMessage[];
  readonly contact?: Partial<Contact>;
  readonly others?: readonly Contact[];
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The `style` of VS Code's page: its theme's variables. */
  readonly theme?: string;
  readonly themeClass?: string;
  /** The language of the page's texts, and their translations. */
  readonly language?: string;
  readonly texts?: Readonly<Record<string, string>>;
}

let bundled: Promise<ReadonlyMap<string, string>> | undefined;

export async function openChatPage(browser: TestBrowser, options: ChatPageOptions = {}): Promise<ChatPage> {
  const files = await (bundled ??= bundle());
  const messages = options.messages ?? [];
  const daemon = daemonWith(messages, person("alice", options.contact), options.others ?? []);
  const store = new SessionStore(daemon, silentLog);
  const page = await browser.openPage({ viewport: options.viewport ?? { width: 720, height: 640 } });
  const asked: FromPanel[] = [];
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) fetched.push(request.url());
  });
  const post = async (message: ToPanel): Promise<void> => {
    await page.evaluate((posted) => window.postMessage(posted, "*"), message).catch(() => undefined); // it was closed
  };
  const record = (message: FromPanel): void => void asked.push(message);
  const conversation = new Conversation({
    id: "user:alice",
    name: "alice",
    daemon,
    store,
    post: (message) => void post(message),
    inSight: () => true,
    confirmDeletion: () => Promise.resolve(true),
    vscode: { open: record, act: record, take: record, link: record, attach: record },
  });
  await page.exposeFunction("toHost", (posted: unknown) => {
    const message = readPosted(fromPanel, posted);
    if (message === undefined) throw new Error(`The page posted something of a wrong shape: ${JSON.stringify(posted)}`);
    void conversation.take(message);
  });
  await page.addInitScript(
    ({ theme, themeClass }) => {
      const kept = (): string => sessionStorage.getItem("state") ?? "null";
      const toHost = (message: unknown): void =>
        (window as unknown as { toHost: (m: unknown) => void }).toHost(message);
      const api = {
        postMessage: toHost,
        getState: (): unknown => JSON.parse(kept()) ?? undefined,
        setState: (state: unknown) => sessionStorage.setItem("state", JSON.stringify(state)),
      };
      Object.assign(window, { acquireVsCodeApi: () => api });
      document.addEventListener("readystatechange", () => {
        document.documentElement.style.cssText = theme;
        if (themeClass !== "") document.body.className = themeClass;
      });
    },
    { theme: options.theme ?? "", themeClass: options.themeClass ?? "" },
  );
  await page.route(`${origin}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const body = name === "" ? html(options) : files.get(name);
    if (name.endsWith(".ttf")) await route.fulfill({ body: await readFile(join(root, fontFile)) });
    else await route.fulfill({ status: body === undefined ? 404 : 200, body: body ?? "", contentType: typeOf(name) });
  });
  await page.goto(`${origin}/`);
  return {
    page,
    daemon,
    conversation,
    messages,
    asked,
    fetched,
    post,
    dispose: async () => {
      conversation.dispose();
      await page.context().close();
    },
  };
}

const fontFile = "node_modules/@vscode/codicons/dist/codicon.ttf";

function html(options: ChatPageOptions): string {
  return pageOf({
    cspSource: origin,
    nonce: "NONCE",
    scriptUri: `${origin}/main.js`,
    styleUri: `${origin}/style.css`,
    token: "TOKEN",
    conversation: "user:alice",
    name: "alice",
    language: options.language ?? "en",
    texts: options.texts ?? {},
  });
}

function typeOf(name: string): string {
  if (name.endsWith(".css")) return "text/css";
  return name.endsWith(".js") ? "text/javascript" : "text/html";
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const folder = join(root, "extension", "webview");
  const { outputFiles } = await build({
    entryPoints: [join(folder, "main.ts"), join(folder, "style.css")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    outdir: "/",
    loader: { ".ttf": "file" },
    assetNames: "[name]",
    logLevel: "error",
  });
  return new Map(outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf("/") + 1), text]));
}

/** Serves pages of `messages` like the daemon's history. */
function daemonWith(messages: ChatMessage[], contact: Contact, others: readonly Contact[]): DaemonStandIn {
  const daemon = new DaemonStandIn();
  const at = (seq: number): number => {
    let [low, high] = [0, messages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  daemon.answer(snapshot, () => ({ ok: true, session: connectedSession, contacts: [contact, ...others] }));
  daemon.answer(history, ({ before, limit = 50 }) => {
    const end = before === undefined ? messages.length : at(before);
    const start = Math.max(0, end - limit);
    return { ok: true, messages: messages.slice(start, end), more: start > 0 };
  });
  daemon.answer(historyAfter, ({ after, limit = 50 }) => {
    const start = at(after + 1);
    return { ok: true, messages: messages.slice(start, start + limit), more: start + limit < messages.length };
  });
  daemon.answer(historyAround, ({ seq, limit = 50 }) => {
    const middle = at(seq);
    const start = Math.max(0, middle - limit);
    const end = middle + limit + 1;
    return { ok: true, messages: messages.slice(start, end), moreBefore: start > 0, moreAfter: end < messages.length };
  });
  daemon.answer(search, ({ text, limit = 50 }) => {
    const words = text.toLowerCase().split(/\s+/u);
    const hits = messages.filter((each) => words.every((word) => each.text.toLowerCase().includes(word))).reverse();
    return { ok: true, hits: hits.slice(0, limit).map((message) => ({ message })) };
  });
  let kept = { text: "", revision: 0 };
  daemon.answer(draft, () => ({ ok: true, ...kept }));
  daemon.answer(setDraft, ({ text }) => {
    kept = { text, revision: kept.revision + 1 };
    return { ok: true, revision: kept.revision };
  });
  daemon.answer(markRead, () => ({ ok: true }));
  daemon.answer(typing, () => ({ ok: true }));
  return daemon;
}
