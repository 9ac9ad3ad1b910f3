// The server's metrics for Prometheus. Core and storage count in plain numbers, which are read here on request: counting
// costs a message nothing, and a request needs no disk. Only the duration of commits is reported as it happens. Every name
// is explained in docs/server.md; `npm run check` compares them.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { programVersion } from "../../base/version.ts";
import type { Census, Counters } from "../core/counters.ts";
import type { Figures } from "../storage/operations.ts";

export interface MetricSources {
  readonly core: { readonly counters: Counters; census(): Census };
  readonly edge: { readonly refusedConnections: number; readonly droppedConnections: number };
  readonly log: { readonly droppedLines: number };
  readonly store: { readonly works: boolean; readonly figures: Figures };
}

const commitBucketsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  readonly #commits: Histogram;

  constructor() {
    this.#commits = new Histogram({
      name: "chat_room_commit_seconds",
      help: "How long transactions took that were written to disk.",
      buckets: commitBucketsSeconds,
      registers: [this.#registry],
    });
    collectDefaultMetrics({ register: this.#registry });
  }

  committed(ms: number): void {
    this.#commits.observe(ms / 1_000);
  }

  /** Sets where all other metrics are read from at each `render`. Called once. */
  observe({ core, store, edge, log }: MetricSources): void {
    const { counters } = core;
    this.#gauge("chat_room_build_info", "1, with the version of the server.", ["version"], () => [
      [{ version: programVersion }, 1],
    ]);
    this.#gauge("chat_room_connections", "Open connections.", [], () => [[{}, core.census().connections]]);
    this.#gauge("chat_room_sessions", "Sessions, by whether they have a connection.", ["connected"], () => {
      const { sessions, linkedSessions } = core.census();
      return [
        [{ connected: "yes" }, linkedSessions],
        [{ connected: "no" }, sessions - linkedSessions],
      ];
    });
    this.#gauge("chat_room_pushes_under_way", "Messages that were pushed and not acknowledged yet.", [], () => [
      [{}, core.census().pushesUnderWay],
    ]);
    this.#gauge("chat_room_mailbox_letters", "Messages that wait in mailboxes.", [], () => [
      [{}, store.figures.letters],
    ]);
    this.#gauge("chat_room_mailbox_bytes", "Bytes of the texts that wait in mailboxes.", [], () => [
      [{}, store.figures.letterBytes],
    ]);
    this.#gauge("chat_room_database_bytes", "Size of the database file.", [], () => [
      [{}, store.figures.databaseBytes],
    ]);
    this.#gauge("chat_room_database_free_bytes", "Of the database file, what holds nothing.", [], () => [
      [{}, store.figures.freeBytes],
    ]);
    this.#gauge("chat_room_wal_bytes", "Size of the log of commits that are not in the database file yet.", [], () => [
      [{}, store.figures.walBytes],
    ]);
    this.#gauge("chat_room_storage_works", "Whether the database answers and the last write succeeded.", [], () => [
      [{}, Number(store.works)],
    ]);
    this.#counter("chat_room_connections_total", "Connections that spoke the protocol.", [], () => [
      [{}, counters.connections],
    ]);
    this.#counter("chat_room_connections_refused_total", "Connections beyond the limits of their address.", [], () => [
      [{}, edge.refusedConnections],
    ]);
    this.#counter("chat_room_connections_dropped_total", "Connections without a descriptor for them.", [], () => [
      [{}, edge.droppedConnections],
    ]);
    this.#counter("chat_room_log_lines_dropped_total", "Lines of the log that nobody read in time.", [], () => [
      [{}, log.droppedLines],
    ]);
    this.#counter("chat_room_messages_total", "Messages, by what became of them.", ["delivery"], () =>
      Object.entries(counters.messages).map(([delivery, count]) => [{ delivery }, count]),
    );
    this.#counter("chat_room_pushes_unanswered_total", "Messages that were not acknowledged in time.", [], () => [
      [{}, counters.pushesUnanswered],
    ]);
    this.#counter("chat_room_sign_ins_total", "Answers to auth, by their outcome.", ["outcome"], () =>
      Array.from(counters.signIns, ([outcome, count]) => [{ outcome }, count]),
    );
    this.#counter("chat_room_refused_requests_total", "Refused requests, by the code of the answer.", ["code"], () =>
      Array.from(counters.refusals, ([code, count]) => [{ code }, count]),
    );
  }

  /** Returns the text that Prometheus reads. @throws if the storage fails */
  render(): Promise<string> {
    return this.#registry.metrics();
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[], read: Reading<Label>): void {
    const registers = [this.#registry];
    const gauge: Gauge<Label> = new Gauge({ name, help, labelNames, registers, collect: () => show() });
    const show = (): void => {
      for (const [labels, value] of read()) gauge.set(labels, value);
    };
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[], read: Reading<Label>): void {
    const registers = [this.#registry];
    const counter: Counter<Label> = new Counter({ name, help, labelNames, registers, collect: () => show() });
    const show = (): void => {
      counter.reset();
      for (const [labels, value] of read()) counter.inc(labels, value);
    };
  }
}

type Reading<Label extends string> = () => Iterable<readonly [labels: Partial<Record<Label, string>>, value: number]>;
