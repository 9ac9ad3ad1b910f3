// What a kind of conversation event is on the wire [P-4.15]. What else belongs to a kind has the same file name on the
// other layers: daemon/core/kinds/ and extension/webview/kinds/.

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

export function wireKind<K extends WireKind>(kind: K): K {
  return kind;
}
