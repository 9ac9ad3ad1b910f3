// Asking and telling a person: the one door to input boxes, quick picks and notifications, so that tests can answer in
// their place. What comes from other people passes plain-text.ts before it gets here.

export interface InputRequest {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** Which of several questions this is, counted from 1, and whether the one before can be asked again. */
  readonly step?: { readonly at: number; readonly of: number };
  /** Why a value will not do, after the answers to the questions before; called as one types. */
  readonly validate?: (value: string, before?: readonly string[]) => string | undefined;
  /** Told every value as one types. */
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
  /** Makes a choice of what was typed, where that is allowed. */
  readonly typed?: (text: string) => Choice<T> | undefined;
}

/** A list that is made of what one types; the newest text wins over late answers. */
export interface Finder<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly value?: string;
  readonly find: (text: string) => Promise<readonly Choice<T>[]>;
}

/** A question with several answers that stands in front of everything, read out whole by a screen reader. */
export interface Decision {
  readonly text: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** A question that has to be answered before anything goes on, because a wrong yes cannot be taken back. */
export interface Confirmation {
  readonly text: string;
  readonly detail: string;
  /** The label of the one button beside Cancel. */
  readonly yes: string;
}

export type Tone = "info" | "warning" | "error";

export const back = Symbol("back");

export interface Prompter {
  /** The text; `back` for the question before; undefined when the person gave up. */
  ask(question: InputRequest): Promise<string | typeof back | undefined>;
  choose<T>(offer: Offer<T>): Promise<T | undefined>;
  /** One notification; answers the button that was pressed. */
  tell(tone: Tone, text: string, ...buttons: string[]): Promise<string | undefined>;
  /** False where the person gave up. */
  confirm(confirmation: Confirmation): Promise<boolean>;
  find<T>(finder: Finder<T>): Promise<T | undefined>;
  /** The button; undefined where the person gave up. */
  decide(decision: Decision): Promise<string | undefined>;
  /** Says in the status bar that something is under way, until it is done. */
  busy<T>(text: string, work: () => Promise<T>): Promise<T>;
  /** A few words in the status bar that go away by themselves. */
  mention(text: string): void;
}

/** Questions one after another, with a way back; undefined as soon as the person gives up. */
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
