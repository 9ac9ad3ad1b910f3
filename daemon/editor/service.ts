// What a view may ask, as one function for each request of `protocol/editor/requests.ts`: the type is complete, so a
// request that is declared and not served does not compile.

import type { EditorRequest, Outcome } from "../../protocol/editor/declare.ts";
import type * as requests from "../../protocol/editor/requests.ts";

type Requests = typeof requests;

/** One request's handler. @param view the id of the asking session */
type Handler<Declared> =
  Declared extends EditorRequest<infer Params, infer Result>
    ? (params: Params, view: number) => Outcome<Result> | Promise<Outcome<Result>>
    : never;

/** Without `default`, which the compiler sees on a module namespace and nobody put there. */
export type Service = { readonly [Name in Exclude<keyof Requests, "default">]: Handler<Requests[Name]> };
