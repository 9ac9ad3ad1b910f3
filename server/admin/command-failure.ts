// A command that was understood and could not be done.

/** A sentence for the operator; the program ends with `exitCode`. */
export class CommandFailure extends Error {
  readonly exitCode: 1 | 3;

  constructor(sentence: string, options: ErrorOptions & { readonly exitCode?: 1 | 3 } = {}) {
    super(sentence, options);
    this.exitCode = options.exitCode ?? 1;
  }
}
