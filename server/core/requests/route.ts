// How one request type is served, as data: its declaration, the conditions before its handler runs, and the handler. The
// conditions are checked in dispatch.ts and nowhere else.

import type { Failure } from "../../../protocol/errors.ts";
import { failure } from "../../../protocol/errors.ts";
import type { JsonObject } from "../../../protocol/wire/frame.ts";
import type { Declaration } from "../../../protocol/wire/declare.ts";
import { Invalid } from "../../../protocol/validate.ts";
import type { Answer } from "./answer.ts";
import type { PendingRequest, RefusalShape } from "./pending-request.ts";
import type { Connection } from "./connection.ts";
import type { Services } from "./services.ts";
import type { Session } from "../sessions/session.ts";

/**
 * An answer; or a promise of one, until which nothing else is read from the link; or undefined, if the handler kept the
 * request and will answer it by itself, after an event that may take long.
 */
export type Outcome = Answer | Promise<Answer> | undefined;

export interface Route {
  readonly type: string;
  readonly refusal: RefusalShape;
  /** `member`: only for an authenticated user [P-3.3]. */
  readonly access: "anyone" | "member";
  /** With `--classic` it needs no `from` [P-3.5]. */
  readonly classicWithoutFrom: boolean;
  /** What exceeding the limit of [P-8.6] means: not counted, read more slowly, or also refused. */
  readonly haste: Haste;
  serve(
    core: Services,
    ask: PendingRequest,
    connection: Connection,
    session: Session | undefined,
    body: JsonObject,
  ): Outcome;
}

type Haste = "free" | "slowed" | "refused";

export interface RouteOptions {
  readonly haste?: Haste;
  readonly refusalAdds?: object;
  readonly classicWithoutFrom?: boolean;
}

/** Makes the route of a request that anyone may send. */
export function open<Params>(
  declaration: Declaration<string, Params, unknown>,
  handler: (core: Services, connection: Connection, params: Params) => Outcome,
): Route {
  return {
    ...describe(declaration, "anyone", { haste: "refused" }),
    serve(core, _ask, connection, _session, body) {
      const params = declaration.params.read(body, "");
      return params instanceof Invalid ? mistyped(params) : handler(core, connection, params);
    },
  };
}

/** Makes the route of a request of an authenticated user. */
export function member<Params>(
  declaration: Declaration<string, Params, unknown>,
  handler: (core: Services, session: Session, params: Params, ask: PendingRequest, connection: Connection) => Outcome,
  options: RouteOptions = {},
): Route {
  return {
    ...describe(declaration, "member", options),
    serve(core, ask, connection, session, body) {
      if (!session) return failure("not_authenticated");
      const params = declaration.params.read(body, "");
      return params instanceof Invalid ? mistyped(params) : handler(core, session, params, ask, connection);
    },
  };
}

function describe(
  declaration: Declaration<string, unknown, unknown>,
  access: Route["access"],
  options: RouteOptions,
): Omit<Route, "serve"> {
  return {
    type: declaration.type,
    refusal: {
      result: declaration.refusal,
      ...(options.refusalAdds === undefined ? {} : { added: options.refusalAdds }),
    },
    access,
    classicWithoutFrom: options.classicWithoutFrom === true,
    haste: options.haste ?? "slowed",
  };
}

/** A `bad_request` that names the field [P-2.3]. */
export function mistyped(invalid: Invalid): Failure {
  return failure("bad_request", `${invalid.reason}. See docs/protocol.md.`);
}
