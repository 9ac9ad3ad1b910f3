// The error of a command that was understood but could not be done.

/** Its message is a sentence for the operator; the program exits with `exitCode`. */
export class CommandFailure extends Error {
  readonly exitCode: 1 | 3;

  constructor(sentence: string, options: ErrorOptions & { readonly exitCode?: 1 | 3 } = {}) {
    super(sentence, options);
    this.exitCode = options.exitCode ?? 1;
  }
}
