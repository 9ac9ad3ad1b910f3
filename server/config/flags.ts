// Splits the command line into words and `--flags`, as `--flag value`, `--flag=value` or a bare switch. config.ts and the
// commands decide what the flags mean.

import { UsageError } from "./config.ts";

export interface Arguments {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string | true>;
}

/**
 * @param valued flags that take a value
 * @param bare flags that need none
 * @throws UsageError for a flag that is in neither
 */
export function readArguments(argv: readonly string[], valued: Iterable<string>, bare: Iterable<string>): Arguments {
  const [withValue, withoutValue] = [new Set(valued), new Set(bare)];
  const words: string[] = [];
  const flags = new Map<string, string | true>();
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? "";
    if (argument === "-h" && withoutValue.has("help")) {
      flags.set("help", true);
      continue;
    }
    if (!argument.startsWith("--")) {
      if (argument.startsWith("-")) throw new UsageError(`${argument} is not an option. See --help.`);
      words.push(argument);
      continue;
    }
    const [name = "", ...rest] = argument.slice(2).split("=");
    if (!withValue.has(name) && !withoutValue.has(name)) {
      throw new UsageError(`--${name} is not an option. See --help.`);
    }
    if (flags.has(name)) throw new UsageError(`--${name} is given twice.`);
    if (rest.length > 0) {
      flags.set(name, rest.join("="));
    } else if (withoutValue.has(name)) {
      flags.set(name, true);
    } else {
      at += 1;
      const value = argv[at];
      if (value === undefined) throw new UsageError(`--${name} needs a value.`);
      flags.set(name, value);
    }
  }
  return { words, flags };
}
