// What all windows of one person know together, as the rest of the extension sees it. No vscode.

/** `status`: as last set, with the account it was set for. `lastWindow`: the window that had the focus last. */
export type NoteName = "status" | "lastWindow";

export interface SharedNotes {
  /** Undefined where there is none, or it cannot be read. */
  read(name: NoteName): Promise<string | undefined>;
  /** Never rejects: nothing that is noted here is worth stopping for. */
  write(name: NoteName, text: string): Promise<void>;
}
