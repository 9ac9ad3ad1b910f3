// A message as a tree of what may be drawn. This is the complete list of what another person's message can become: there is
// no node for HTML, for an image, for a style or for an address that is not web or mail.

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  /** A control or bidi character, shown by its number. */
  | { readonly kind: "hidden"; readonly code: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis" | "strike"; readonly children: readonly Inline[] }
  /** `image`: it was an image; only the link to it is shown. */
  | { readonly kind: "link"; readonly url: string; readonly image: boolean; readonly children: readonly Inline[] }
  | { readonly kind: "mention"; readonly text: string; readonly own: boolean }
  | { readonly kind: "break" };

export type Alignment = "start" | "center" | "end" | undefined;

export interface Item {
  /** Set in a task list. */
  readonly checked: boolean | undefined;
  readonly children: readonly Block[];
}

/** `index` counts the code blocks of the message. */
export interface CodeBlock {
  readonly kind: "codeBlock";
  readonly text: string;
  readonly language: string;
  readonly index: number;
}

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "quote"; readonly children: readonly Block[] }
  | { readonly kind: "list"; readonly start: number | undefined; readonly items: readonly Item[] }
  | {
      readonly kind: "table";
      readonly alignment: readonly Alignment[];
      /** The first row is the header. */
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: "rule" }
  | CodeBlock;

/** Names that `@name` may mean: keys as returned by `keyOfName`. */
export interface Names {
  readonly own: string | undefined;
  readonly others: ReadonlySet<string>;
}
