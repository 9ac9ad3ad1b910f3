// What is asked of a daemon, by whichever connection a client has to it.

import type { EditorRequest, Outcome } from "../protocol/api/declare.ts";

export interface DaemonRequests {
  /** Never rejects: a lost connection is a refusal. @param deadlineMs after which it is one too, where the client has deadlines */
  request<Params extends object, Result>(
    declared: EditorRequest<Params, Result>,
    params: Params,
    deadlineMs?: number,
  ): Promise<Outcome<Result>>;
}
