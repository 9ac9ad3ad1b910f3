// Takes a request to its handler: finds the route, identifies the client (link, token, or address with --classic) [P-3],
// checks `from`, and answers what the handler returns. A handler that throws ends its request, not the process.

import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import type { JsonObject } from "../../../protocol/wire/frame.ts";
import { nameField, tokenField } from "../../../protocol/wire/declare.ts";
import type { RequestId } from "../../../protocol/wire/envelope.ts";
import { Invalid } from "../../../protocol/validate.ts";
import type { Answer } from "./answer.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { Connection } from "./connection.ts";
import { mistyped } from "./route.ts";
import type { Outcome, Route } from "./route.ts";
import { routes } from "./routes.ts";
import type { Services } from "./services.ts";
import type { Session } from "../sessions/session.ts";

const table: ReadonlyMap<string, Route> = new Map(routes.map((route) => [route.type, route]));

/** Serves one request; it is answered now or later, exactly once [P-2.3]. */
export function dispatch(
  core: Services,
  connection: Connection,
  type: string,
  id: RequestId | undefined,
  body: JsonObject,
): void {
  const route = table.get(type);
  const ask = connection.open(type, id, route?.refusal);
  if (!route) {
    if (connection.owner) connection.spend(connection.owner);
    ask.answer(failure("unknown_type"));
    return;
  }
  let outcome: Outcome;
  try {
    outcome = serve(core, route, ask, connection, body);
  } catch (error) {
    outcome = broken(core, type, error);
  }
  if (outcome instanceof Promise) awaitOutcome(core, ask, connection, outcome);
  else if (outcome) ask.answer(outcome);
}

/** Awaits one promised answer at a time: what the client sent after the request is read after it. */
function awaitOutcome(core: Services, ask: PendingRequest, connection: Connection, outcome: Promise<Answer>): void {
  connection.gate.hold();
  void outcome
    .catch((error: unknown) => broken(core, ask.type, error))
    .then((answer) => ask.answer(answer))
    // Whatever an answer causes must not end the process.
    .catch((error: unknown) => broken(core, ask.type, error))
    .then(() => connection.gate.release());
}

function serve(core: Services, route: Route, ask: PendingRequest, connection: Connection, body: JsonObject): Outcome {
  if (route.access === "anyone") {
    if (!connection.spend(connection.owner)) return failure("rate_limited");
    return route.serve(core, ask, connection, undefined, body);
  }
  const session = asker(core, route, connection, body);
  if (!("account" in session)) return session;
  if (route.haste !== "free" && !connection.spend(session) && route.haste === "refused") {
    return failure("rate_limited");
  }
  core.sessions.seen(session);
  connection.served();
  return route.serve(core, ask, connection, session, body);
}

function asker(core: Services, route: Route, connection: Connection, body: JsonObject): Session | Failure {
  const from = senderOf(body);
  if (from instanceof Invalid) return mistyped(from);
  const session = whoAsks(core, route, connection, from, body);
  if (!("account" in session)) return session;
  if (from === undefined || from === session.account.name) return session;
  return core.ports.accounts.find(from)?.id === session.account.id ? session : failure("not_you");
}

function whoAsks(
  core: Services,
  route: Route,
  connection: Connection,
  from: string | undefined,
  body: JsonObject,
): Session | Failure {
  if (isGiven(body, "token")) {
    const token = tokenField.read(body["token"], "token");
    return token instanceof Invalid ? mistyped(token) : byToken(core, token);
  }
  if (connection.owner) return connection.owner;
  const session = core.options.classic ? byAddress(core, route, connection.address, from) : undefined;
  return session ?? failure("not_authenticated");
}

/** The session of a token, opened again if it had ended by silence [P-3.4]. */
function byToken(core: Services, token: string): Session | Failure {
  const found = core.ports.tokens.find(token);
  const account = found && core.ports.accounts.get(found.grant.account);
  if (!account) {
    return failure("not_authenticated", "That token is wrong or has ended. Send auth again to get a new one.");
  }
  return core.sessions.get(account.id) ?? core.sessions.revive(account, found.grant, found.hash);
}

/** With --classic: the user named by `from`, if it authenticated from that address [P-3.5]. */
function byAddress(core: Services, route: Route, address: string, from: string | undefined): Session | undefined {
  if (from !== undefined) {
    const account = core.ports.accounts.find(from);
    const session = account && core.sessions.get(account.id);
    return session?.grant.address === address ? session : undefined;
  }
  if (!route.classicWithoutFrom) return undefined;
  for (const session of core.sessions.all()) if (session.grant.address === address) return session;
  return undefined;
}

/** An empty one is a name that nobody has, so it is not the client's [P-3.2]. */
function senderOf(body: JsonObject): string | Invalid | undefined {
  if (!isGiven(body, "from")) return undefined;
  return body["from"] === "" ? "" : nameField.read(body["from"], "from");
}

/** `null` counts as absent [P-1.2]. */
function isGiven(body: JsonObject, field: string): boolean {
  return Object.hasOwn(body, field) && body[field] !== null;
}

function broken(core: Services, type: string, error: unknown): Failure {
  core.ports.log.error("request_failed", { type, error: error instanceof Error ? (error.stack ?? error.message) : "" });
  return failure("internal");
}
