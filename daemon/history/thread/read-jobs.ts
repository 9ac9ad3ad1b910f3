// The jobs of the thread that reads for views. Each sees one state of the file: commits during the job are not visible.

import type { DatabaseSync } from "node:sqlite";
import { ConversationStore } from "../conversation-store.ts";
import { Export } from "../import/export.ts";
import type { ExportPart } from "../import/export.ts";
import { EventReader } from "../event-reader.ts";
import type { Page, MessageWindow } from "../event-reader.ts";
import { Purges } from "../upkeep/purges.ts";
import { Search } from "../search/search.ts";
import type { Found } from "../search/search.ts";
import { SearchIndex } from "../search/search-index.ts";
import { Statements } from "../statements.ts";
import type { ParamsOf } from "./jobs.ts";

/** A search returns what it has found after this time. */
const patienceMs = 2_000;

export class ReadJobs {
  readonly #database: DatabaseSync;
  readonly #purges: Purges;
  readonly #messages: EventReader;
  readonly #search: Search;
  readonly #export: Export;

  /** Creates the jobs. @param database read only */
  constructor(database: DatabaseSync) {
    database.exec("PRAGMA busy_timeout = 5000");
    const statements = new Statements(database);
    this.#database = database;
    this.#purges = new Purges(statements);
    this.#messages = new EventReader(statements, this.#purges);
    this.#export = new Export(statements, new ConversationStore(statements), this.#purges);
    this.#search = new Search(statements, new SearchIndex(statements), this.#messages);
  }

  page({ conversation, before, limit }: ParamsOf<"page">): Page {
    return this.#read(() => this.#messages.page(conversation, before, limit));
  }

  pageAfter({ conversation, after, limit }: ParamsOf<"pageAfter">): Page {
    return this.#read(() => this.#messages.pageAfter(conversation, after, limit));
  }

  around({ conversation, seq, limit }: ParamsOf<"around">): MessageWindow {
    return this.#read(() => this.#messages.around(conversation, seq, limit));
  }

  export(params: ParamsOf<"export">): ExportPart {
    return this.#read(() => this.#export.part(params));
  }

  search(params: ParamsOf<"search">, isGivenUp: () => boolean): Found | undefined {
    if (isGivenUp()) return undefined;
    const limits = { patienceMs, nowMs: () => performance.now(), isGivenUp };
    const found = this.#read(() => this.#search.find(params, limits));
    return isGivenUp() ? undefined : found;
  }

  #read<T>(work: () => T): T {
    this.#database.exec("BEGIN");
    try {
      this.#purges.reload();
      return work();
    } finally {
      this.#database.exec("COMMIT");
    }
  }
}
