// What a kind of conversation event is on the wire [P-4.15]. Beside it, each file of this folder declares what a window asks
// the daemon about its kind, and what the page of a chat and its host say to each other about it (`toPage`, `fromPage`).
// What else belongs to a kind has the same file name on the other layers: daemon/core/kinds/, extension/chat/kinds/ and
// extension/webview/kinds/.

export interface WireKind {
  /** The `ref.kind` of the message; undefined if it goes without `ref`. */
  readonly ref: string | undefined;
  /** It has a place in the conversation. An event without one changes an earlier message. */
  readonly isMessage: boolean;
  /** The `msg` of an event with that body: what a client shows that does not know the kind. */
  readonly msg: (body: string) => string;
  /** Which body a `msg` of this kind has; undefined if it has none that makes sense. */
  readonly body: (msg: string) => string | undefined;
}
