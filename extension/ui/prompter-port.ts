// The one interface to input boxes, quick picks and notifications, so that tests can answer instead of a person. Texts of
// other people must pass through plain-text.ts first.

export interface InputRequest {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /**
   * Which of several questions this is, counted from 1, and how many there are. The person can go back to the previous one.
   */
  readonly step?: { readonly at: number; readonly of: number };
  /** Returns the reason why a value is invalid, given the answers so far. Called while the person types. */
  readonly validate?: (value: string, before?: readonly string[]) => string | undefined;
  /** Called with every value while the person types. */
  readonly changed?: (value: string) => void;
}

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** The name of a codicon. */
  readonly icon?: string;
  readonly value: T;
}

export interface Offer<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  /** Turns the typed text into a choice, if that is allowed. */
  readonly typed?: (text: string) => Choice<T> | undefined;
}

/** A list that depends on the typed text. Late answers for older text are ignored. */
export interface Finder<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly value?: string;
  readonly find: (text: string) => Promise<readonly Choice<T>[]>;
}

/** A modal question with several answers, read out completely by a screen reader. */
export interface Decision {
  readonly text: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** A modal question that must be answered first, because a wrong yes cannot be undone. */
export interface Confirmation {
  readonly text: string;
  readonly detail: string;
  /** The label of the only button besides Cancel. */
  readonly yes: string;
}

export type Tone = "info" | "warning" | "error";

export const back = Symbol("back");

export interface Prompter {
  /** Returns the text; `back` for the previous question; undefined if the person cancelled. */
  ask(question: InputRequest): Promise<string | typeof back | undefined>;
  choose<T>(offer: Offer<T>): Promise<T | undefined>;
  /** Shows one notification. Resolves with the pressed button. */
  tell(tone: Tone, text: string, ...buttons: string[]): Promise<string | undefined>;
  /** Resolves with false if the person cancelled. */
  confirm(confirmation: Confirmation): Promise<boolean>;
  find<T>(finder: Finder<T>): Promise<T | undefined>;
  /** Resolves with the button; undefined if the person cancelled. */
  decide(decision: Decision): Promise<string | undefined>;
  /** Shows in the status bar that something is in progress, until it is done. */
  busy<T>(text: string, work: () => Promise<T>): Promise<T>;
  /** Shows a short text in the status bar that disappears by itself. */
  mention(text: string): void;
}

/** Asks questions one after another, with a way back. Resolves with undefined if the person cancels. */
export async function askInTurn(prompter: Prompter, questions: readonly InputRequest[]): Promise<string[] | undefined> {
  const answers: string[] = [];
  let at = 0;
  for (;;) {
    const question = questions[at];
    if (question === undefined) return answers;
    const step = questions.length > 1 ? { step: { at: at + 1, of: questions.length } } : {};
    const kept = answers[at];
    const { validate } = question;
    const check = validate && { validate: (value: string) => validate(value, answers) };
    const answer = await prompter.ask({ ...question, ...check, ...step, ...(kept !== undefined && { value: kept }) });
    if (answer === undefined) return undefined;
    if (answer === back) at = Math.max(0, at - 1);
    else {
      answers[at] = answer;
      at += 1;
    }
  }
}
