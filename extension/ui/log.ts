// The extension's log: an event and plain fields, never the text of a message, a password or a token. VS Code's
// LogOutputChannel implements it; tests use their own.

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export { messageOf } from "../../base/error-message.ts";
