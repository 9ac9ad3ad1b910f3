// The checks behind `chat-room doctor` and Diagnose Connection: every part between this client and other people, with its
// level and the data for a sentence about it. Each client words the findings itself.

import type { ResultOf } from "../protocol/api/declare.ts";
import { consents, setDirectMode } from "../protocol/api/direct.ts";
import type { DirectMode } from "../protocol/api/direct.ts";
import type { SessionState } from "../protocol/api/model.ts";
import { daemonStatus, inspectServer } from "../protocol/api/session.ts";
import type { DaemonRequests } from "./daemon.ts";

export type Level = "ok" | "note" | "problem";

type Status = ResultOf<typeof daemonStatus>;

type Found =
  | { readonly code: "daemonFailed"; readonly reason: string }
  /** `age`: the daemon's build compared with the client's. */
  | { readonly code: "daemon"; readonly status: Status; readonly age: "same" | "older" | "newer" }
  | { readonly code: "storage"; readonly status: Status }
  | { readonly code: "waiting"; readonly outbox: number; readonly triedUntilMs: number | undefined }
  | { readonly code: "fileTrouble"; readonly reason: string }
  | { readonly code: "hostedServer"; readonly address: string }
  | { readonly code: "hostedTrouble"; readonly reason: string }
  | { readonly code: "session"; readonly session: SessionState | undefined }
  | { readonly code: "noServer" }
  | { readonly code: "serverFailed"; readonly reason: string }
  | { readonly code: "server"; readonly server: string }
  | { readonly code: "serverKey"; readonly trust: ResultOf<typeof inspectServer>["trust"]; readonly pin: string }
  | { readonly code: "directOff" }
  | { readonly code: "directFailed"; readonly reason: string }
  | { readonly code: "direct"; readonly listensAt: number | undefined; readonly consents: number };

export type Finding = Found & { readonly level: Level };

export interface DiagnosedClient {
  readonly build: number;
  /** Set to note a newer daemon of another version; undefined for no such note. */
  readonly version: string | undefined;
  /** Whether the daemon can still be reached. */
  reached(): boolean;
  session(): SessionState | undefined;
  /** The server in use, or the last one. */
  server(): string | undefined;
  /** The level of being signed out by choice, or never having signed in. */
  readonly signedOut: Level;
  /** The settings for direct links, if the client has them. */
  readonly direct: { readonly mode: DirectMode; readonly interfaces: string[]; readonly port: number } | undefined;
}

const serverDeadlineMs = 15_000;

export async function diagnose(daemon: DaemonRequests, client: DiagnosedClient): Promise<Finding[]> {
  const findings = await checkDaemon(daemon, client);
  if (!client.reached()) return findings;
  return [
    ...findings,
    checkSession(client),
    ...(await checkServer(daemon, client.server())),
    await checkDirect(daemon, client.direct),
  ];
}

async function checkDaemon(daemon: DaemonRequests, client: DiagnosedClient): Promise<Finding[]> {
  const status = await daemon.request(daemonStatus, {});
  if (!status.ok) return [{ level: "problem", code: "daemonFailed", reason: status.reason }];
  const { outbox, triedUntilMs, notes = [] } = status;
  const age = ageOf(status, client);
  return [
    { level: age === "same" ? "ok" : "note", code: "daemon", status, age },
    { level: "ok", code: "storage", status },
    ...(outbox === 0 ? [] : [{ level: "note", code: "waiting", outbox, triedUntilMs } as const]),
    ...notes.map((reason) => ({ level: "note", code: "fileTrouble", reason }) as const),
    ...checkHosted(status),
  ];
}

function ageOf(status: Status, { build, version }: DiagnosedClient): "same" | "older" | "newer" {
  if (status.build < build) return "older";
  return status.build > build && version !== undefined && status.version !== version ? "newer" : "same";
}

function checkHosted({ hostedServer, hostedTrouble }: Status): Finding[] {
  if (hostedTrouble !== undefined) return [{ level: "problem", code: "hostedTrouble", reason: hostedTrouble }];
  return hostedServer === undefined ? [] : [{ level: "ok", code: "hostedServer", address: hostedServer }];
}

function checkSession(client: DiagnosedClient): Finding {
  const session = client.session();
  const level = isSignedOut(session) ? client.signedOut : levels[session?.state ?? "unknown"];
  return { level, code: "session", session };
}

const levels = {
  connected: "ok",
  connecting: "note",
  unreachable: "problem",
  signedOut: "problem",
  unknown: "problem",
} as const;

/** Whether the person has signed out or never signed in; a session that ended otherwise has a reason. */
export function isSignedOut(session: SessionState | undefined): boolean {
  return session?.state === "signedOut" && session.reason === undefined && session.elsewhere !== true;
}

async function checkServer(daemon: DaemonRequests, server: string | undefined): Promise<Finding[]> {
  if (server === undefined) return [{ level: "note", code: "noServer" }];
  const seen = await daemon.request(inspectServer, { server }, serverDeadlineMs);
  if (!seen.ok) return [{ level: "problem", code: "serverFailed", reason: seen.reason }];
  const { trust, pin } = seen;
  const level = trust === "trusted" ? "ok" : trust === "unknown" ? "note" : "problem";
  return [
    { level: "ok", code: "server", server: seen.server },
    { level, code: "serverKey", trust, pin },
  ];
}

async function checkDirect(daemon: DaemonRequests, wanted: DiagnosedClient["direct"]): Promise<Finding> {
  if (wanted?.mode === "off") return { level: "note", code: "directOff" };
  // The daemon already has these settings; when they are set again, it reports whether it listens, and whether it can.
  const listens = wanted && (await daemon.request(setDirectMode, wanted));
  if (listens?.ok === false) return { level: "problem", code: "directFailed", reason: listens.reason };
  const allowed = await daemon.request(consents, {});
  if (!allowed.ok) return { level: "note", code: "directFailed", reason: allowed.reason };
  return { level: "ok", code: "direct", listensAt: listens?.listensAt, consents: allowed.consents.length };
}
