// A daemon of which a test says what it answers.

import type { DaemonRequests } from "../../../client/daemon.ts";
import type { Outcome } from "../../../protocol/api/declare.ts";
import { failure } from "../../../protocol/errors.ts";

export function daemonThatAnswers(answers: Readonly<Record<string, (params: object) => object>>): DaemonRequests {
  return {
    request: <Result>({ method }: { method: string }, params: object) =>
      Promise.resolve((answers[method]?.(params) ?? failure("unavailable", `no ${method}`)) as Outcome<Result>),
  };
}
