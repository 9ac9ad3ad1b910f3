// A kind of conversation event on the wire [P-4.15]. Each file of this folder also declares what a window asks the daemon
// about its kind, and what the page of a chat and its host send each other about it (`toPage`, `fromPage`). The files of a
// kind have the same name on the other layers: daemon/core/kinds/, extension/chat/kinds/ and extension/webview/kinds/.

export interface WireKind {
  /** The `ref.kind` of the message; undefined if it has no `ref`. */
  readonly ref: string | undefined;
  /** Whether it has a place in the conversation. An event without one changes an earlier message. */
  readonly isMessage: boolean;
  /** Returns the `msg` of an event with that body: what a client shows if it does not know the kind. */
  readonly msg: (body: string) => string;
  /** Returns the body in a `msg` of this kind; undefined if it has no valid one. */
  readonly body: (msg: string) => string | undefined;
}
