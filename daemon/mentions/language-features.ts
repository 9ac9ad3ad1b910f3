// The language server in the daemon. Offers the names of contacts after an `@` in text that is written for people (prose,
// comments), and shows on hover who that is. Off until the client's configuration switches it on; then it registers for the
// languages it can read. Before that it receives no documents. Nothing from a document leaves the machine.

import {
  BulkRegistration,
  CompletionRequest,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  HoverRequest,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import type { CompletionList, Connection, Disposable, Hover, ServerCapabilities } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Log } from "../../base/log.ts";
import { mentionsSetting } from "../../protocol/api/language.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { Schema } from "../../protocol/validate.ts";
import { Documents } from "./documents.ts";
import { mentionAt, mentionBefore } from "./mention.ts";
import type { Place } from "./mention.ts";
import { completionOf, contactsByKey, hoverOf } from "./mention-items.ts";
import type { MentionSource } from "./mention-items.ts";
import { isForPeople, languages } from "./syntax.ts";
import * as wire from "./lsp-params.ts";

export interface LanguageOptions {
  /** Returns the current state. */
  readonly people: () => MentionSource;
  readonly log: Log;
}

const triggerCharacters = ["@"];

export class LanguageSession {
  readonly #connection: Connection;
  readonly #options: LanguageOptions;
  readonly #documents = new Documents();
  #wanted = false;
  #registration: Promise<Disposable | undefined> | undefined;

  /** Create it before the connection listens. */
  constructor(connection: Connection, options: LanguageOptions) {
    this.#connection = connection;
    this.#options = options;
    connection.onDidOpenTextDocument((given) => {
      const read = this.#read(wire.didOpen, given);
      if (read === undefined || !this.#wanted) return;
      const { uri, languageId, version, text } = read.textDocument;
      this.#documents.open(uri, languageId, version, text);
    });
    connection.onDidChangeTextDocument((given) => {
      const read = this.#read(wire.didChange, given);
      if (read) this.#documents.change(read.textDocument.uri, read.textDocument.version, read.contentChanges);
    });
    connection.onDidCloseTextDocument((given) => {
      const read = this.#read(wire.didClose, given);
      if (read) this.#documents.close(read.textDocument.uri);
    });
    connection.onCompletion((given) => this.#complete(given));
    connection.onHover((given) => this.#hover(given));
    connection.onDidChangeConfiguration((given) => {
      const read = wire.configuration.read(given, "");
      // Settings of other parts may arrive here too.
      if (!(read instanceof Invalid)) this.#setWanted(read.settings.chatRoom?.mentions ?? false);
    });
  }

  /** @param given the parameters of `initialize` */
  capabilities(given: unknown): ServerCapabilities {
    const asked = wire.askedAtOnce.read(given, "");
    if (!(asked instanceof Invalid) && asked.initializationOptions.mentions) {
      this.#wanted = true;
      return {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        completionProvider: { triggerCharacters },
        hoverProvider: true,
      };
    }
    const registers = wire.registers.read(given, "");
    if (
      !(registers instanceof Invalid) &&
      registers.capabilities.workspace.didChangeConfiguration.dynamicRegistration
    ) {
      this.#connection.onInitialized(() => this.#followSetting());
    }
    return {};
  }

  dispose(): void {
    this.#wanted = false;
    this.#documents.clear();
  }

  /** Registers for the setting. The client sends it now and whenever it changes. */
  #followSetting(): void {
    const { client } = this.#connection;
    client
      .register(DidChangeConfigurationNotification.type, { section: mentionsSetting })
      .catch((error: unknown) => this.#options.log.info("setting not followed", { error: String(error) }));
  }

  #setWanted(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) {
      this.#registration = (this.#registration ?? Promise.resolve(undefined)).then(() => this.#register());
      return;
    }
    this.#documents.clear();
    this.#registration = this.#registration?.then((registered) => {
      registered?.dispose();
      return undefined;
    });
  }

  async #register(): Promise<Disposable | undefined> {
    const documentSelector = languages.map((language) => ({ language }));
    const all = BulkRegistration.create();
    all.add(DidOpenTextDocumentNotification.type, { documentSelector });
    all.add(DidChangeTextDocumentNotification.type, { documentSelector, syncKind: TextDocumentSyncKind.Incremental });
    all.add(DidCloseTextDocumentNotification.type, { documentSelector });
    all.add(CompletionRequest.type, { documentSelector, triggerCharacters });
    all.add(HoverRequest.type, { documentSelector });
    try {
      return await this.#connection.client.register(all);
    } catch (error) {
      this.#options.log.info("mentions not registered", { error: String(error) });
      return undefined;
    }
  }

  #complete(given: unknown): CompletionList | null {
    const asked = this.#place(given);
    const mention = asked && mentionBefore(asked.document.getText(), asked.offset);
    if (!mention || !isForPeople(asked.document.languageId, asked.document.getText(), mention.from)) return null;
    return completionOf(this.#options.people(), mention.typed, rangeOf(asked.document, mention));
  }

  #hover(given: unknown): Hover | null {
    const asked = this.#place(given);
    if (!asked) return null;
    const { document, offset } = asked;
    const people = this.#options.people();
    const contacts = contactsByKey(people);
    const mention = mentionAt(document.getText(), offset, (key) => contacts.get(key));
    if (!mention || !isForPeople(document.languageId, document.getText(), mention.from)) return null;
    return { contents: hoverOf(people, mention.mentioned), range: rangeOf(document, mention) };
  }

  #place(given: unknown): { readonly document: TextDocument; readonly offset: number } | undefined {
    const read = this.#read(wire.documentPosition, given);
    const document = read && this.#documents.get(read.textDocument.uri);
    return document && { document, offset: document.offsetAt(read.position) };
  }

  #read<T>(schema: Schema<T>, given: unknown): T | undefined {
    const read = schema.read(given, "");
    if (!(read instanceof Invalid)) return read;
    this.#options.log.warn("language message ignored", { why: read.reason });
    return undefined;
  }
}

function rangeOf(document: TextDocument, { from, to }: Place) {
  return { start: document.positionAt(from), end: document.positionAt(to) };
}
