// Requests to a daemon, over any connection that a client has to it.

import type { EditorRequest, Outcome } from "../protocol/api/declare.ts";

export interface DaemonRequests {
  /**
   * Never rejects: a lost connection is a refusal. @param deadlineMs exceeding it is one too, if the client has deadlines
   */
  request<Params extends object, Result>(
    declared: EditorRequest<Params, Result>,
    params: Params,
    deadlineMs?: number,
  ): Promise<Outcome<Result>>;
}
