// The closed table of error codes [P-7]; a test compares it with docs/protocol.md and the code. A retired code is never
// used again.

export interface ErrorTraits {
  /** The same request may succeed later without any change to it; an outbox keeps the message. */
  readonly retryable: boolean;
  /** A person should read the reason; otherwise it is only for the log. */
  readonly shown: boolean;
  /** The level at which a server logs it. */
  readonly level: "debug" | "info" | "warn" | "error";
  /** The sentence that is used if the code that refuses has no better one. */
  readonly reason: string;
}

export const errorTable = {
  bad_frame: row(false, false, "warn", "That line is not a JSON object in UTF-8. Send one JSON object a line."),
  bad_request: row(false, false, "warn", "A field is missing or has the wrong type. See docs/protocol.md."),
  unknown_type: row(false, false, "info", "This server does not know that request type. See docs/protocol.md."),
  too_large: row(false, true, "warn", "That is too long. Send it in smaller parts."),
  not_authenticated: row(
    false,
    true,
    "info",
    "Authenticate first: send auth on this connection, or send the token that auth answered with each request, or ask " +
      "whoever runs the server to start it with --classic.",
  ),
  not_you: row(false, true, "warn", "The field from names somebody else. Leave it out or send your own name."),
  bad_credentials: row(false, true, "info", "The user name or the password is wrong. Check both and sign in again."),
  throttled: row(true, true, "warn", "Too many failed attempts. Wait a while before you try again."),
  no_such_user: row(false, true, "info", "There is no user of that name on this server. Check the spelling."),
  name_taken: row(false, true, "info", "That user name is taken. Choose another one."),
  bad_name: row(false, true, "info", "That user name is not allowed. Use 1 to 64 characters without spaces."),
  registration_closed: row(false, true, "info", "This server takes no new accounts. Ask whoever runs it for one."),
  bad_invite: row(false, true, "info", "That invitation is unknown, used up or too old. Ask for a new one."),
  blocked: row(false, true, "info", "That user does not take messages from you."),
  offline: row(false, true, "info", "That user is not online. Try again when they are."),
  refused: row(false, true, "info", "That user's program did not take this message."),
  denied: row(false, true, "info", "That user did not agree."),
  no_listener: row(false, true, "info", "That user does not take direct connections."),
  mailbox_full: row(true, true, "warn", "That user's mailbox is full. Try again after they have signed in."),
  rate_limited: row(true, false, "warn", "Too many requests. Wait a moment before you try again."),
  busy: row(true, false, "warn", "The server has too much to do. Try again in a moment."),
  unavailable: row(
    true,
    true,
    "error",
    "The server cannot store anything now. Whoever runs it should look at its log.",
  ),
  internal: row(true, true, "error", "The server failed at this request. Whoever runs it should look at its log."),
} as const satisfies Record<string, ErrorTraits>;

export type ErrorCode = keyof typeof errorTable;

/** An expected refusal: a value, not an exception. */
export interface Failure {
  readonly ok: false;
  readonly code: ErrorCode;
  /** A sentence that says what to do. */
  readonly reason: string;
  /** Whole seconds after which the same request may succeed, if that is known [P-2.4]. */
  readonly retryAfterS?: number;
}

/** Makes a refusal that says when to try again. */
export function retryLater(code: ErrorCode, retryAfterMs: number, reason?: string): Failure {
  return { ...failure(code, reason), retryAfterS: Math.max(1, Math.ceil(retryAfterMs / 1_000)) };
}

export function failure(code: ErrorCode, reason: string = errorTable[code].reason): Failure {
  return { ok: false, code, reason };
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(errorTable, value);
}

function row(retryable: boolean, shown: boolean, level: ErrorTraits["level"], reason: string): ErrorTraits {
  return { retryable, shown, level, reason };
}
