// All requests of views, with one function for each request that is declared in the modules of `protocol/api/` imported here
// and in `protocol/conversations/kinds.ts`. The type is complete: a declared request without a handler does not compile.

import type { EditorRequest, Outcome } from "../../protocol/api/declare.ts";
import * as archive from "../../protocol/api/archive.ts";
import * as removal from "../../protocol/api/removal.ts";
import * as direct from "../../protocol/api/direct.ts";
import * as requests from "../../protocol/api/session.ts";
import * as talk from "../../protocol/api/conversation.ts";
import { declarations as kinds } from "../../protocol/conversations/kinds.ts";

/** Everything that these modules declare; not all of it is a request. */
export const declarations = { ...requests, ...archive, ...removal, ...direct, ...talk, ...kinds };

type Declarations = typeof declarations;
type RequestName = {
  [Name in keyof Declarations]: Declarations[Name] extends { readonly method: string; readonly result: unknown }
    ? Name
    : never;
}[keyof Declarations];

/** The handler of one request. @param view the id of the session that asks */
type Handler<Declared> =
  Declared extends EditorRequest<infer Params, infer Result>
    ? (params: Params, view: number) => Outcome<Result> | Promise<Outcome<Result>>
    : never;

export type DaemonApi = { readonly [Name in RequestName]: Handler<Declarations[Name]> };
