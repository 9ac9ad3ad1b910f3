// What programs are given from outside, as types: no layer has to name another one to say that it reads a clock or logs.

export interface TimeSource {
  /** Wall time in milliseconds since 1970; may jump. For what a person sees. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never jumps. For every deadline. */
  monotonicMs(): number;
}

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
