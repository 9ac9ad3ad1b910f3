// Schemas for data from a socket, a file or a webview. Each reads only the fields that it names, copies them into a new
// object (so `__proto__` and unknown fields go nowhere), and returns a value or the reason why not; it never throws. Not a
// general schema language: only what the messages of this project need.

/** Not in anything that arrives: JSON has no symbols. */
const invalid = Symbol.for("chat-room.invalid");

/**
 * Why a value was refused: a phrase that names the field. Each bundle of a program has its own copy of this class;
 * `instanceof` is true for a refusal by a schema of any of them.
 */
export class Invalid {
  readonly [invalid] = true;
  readonly reason: string;

  static [Symbol.hasInstance](value: unknown): value is Invalid {
    return typeof value === "object" && value !== null && Object.hasOwn(value, invalid);
  }

  constructor(reason: string) {
    this.reason = reason;
  }
}

export interface Schema<T> {
  /** @param path the name of the field in the reason */
  read(value: unknown, path: string): T | Invalid;
  /** True if the field may be absent. */
  readonly optional?: boolean;
}

export type Infer<S> = S extends Schema<infer T> ? T : never;
export type Fields = Readonly<Record<string, Schema<unknown>>>;

type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F];
export type InferFields<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & {
  [K in OptionalKeys<F>]?: Infer<F[K]>;
};

export function string(bounds: { min?: number; max?: number } = {}): Schema<string> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  return {
    read(value, path) {
      if (typeof value !== "string") return new Invalid(`${path} must be a string`);
      if (value.length < min) return new Invalid(`${path} must not be empty`);
      if (value.length > max) return new Invalid(`${path} must have at most ${max} characters`);
      return value;
    },
  };
}

/** Narrows a string to a branded type that only the type system knows. */
export function branded<T extends string>(schema: Schema<string>): Schema<T> {
  return schema as unknown as Schema<T>;
}

export function integer(bounds: { min?: number; max?: number } = {}): Schema<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
  return {
    read(value, path) {
      if (typeof value !== "number" || !Number.isSafeInteger(value)) return new Invalid(`${path} must be an integer`);
      if (value < min || value > max) return new Invalid(`${path} must be between ${min} and ${max}`);
      return value;
    },
  };
}

export const boolean: Schema<boolean> = {
  read: (value, path) => (typeof value === "boolean" ? value : new Invalid(`${path} must be true or false`)),
};

export function oneOf<const T extends string>(...values: readonly T[]): Schema<T> {
  return {
    read(value, path) {
      for (const each of values) if (each === value) return each;
      return new Invalid(`${path} must be one of ${values.join(", ")}`);
    },
  };
}

export function optional<T>(schema: Schema<T>): Schema<T> & { optional: true } {
  return { optional: true, read: (value, path) => schema.read(value, path) };
}

export function array<T>(schema: Schema<T>, bounds: { max?: number } = {}): Schema<T[]> {
  const { max = Number.MAX_SAFE_INTEGER } = bounds;
  return {
    read(value, path) {
      if (!Array.isArray(value)) return new Invalid(`${path} must be a list`);
      if (value.length > max) return new Invalid(`${path} must have at most ${max} entries`);
      const copy: T[] = [];
      for (const [index, entry] of value.entries()) {
        const read = schema.read(entry, `${path}[${index}]`);
        if (read instanceof Invalid) return read;
        copy.push(read);
      }
      return copy;
    },
  };
}

export function object<F extends Fields>(fields: F): Schema<InferFields<F>> {
  const entries = Object.entries(fields);
  return {
    read(value, path) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return new Invalid(`${path} must be an object`);
      }
      const copy: Record<string, unknown> = {};
      for (const [name, schema] of entries) {
        const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
        const fieldPath = path === "" ? name : `${path}.${name}`;
        // Libraries that write every field of a class write `null` for absent ones [P-1.2].
        if (given === undefined || given === null) {
          if (schema.optional === true) continue;
          return new Invalid(`${fieldPath} is missing`);
        }
        const read = schema.read(given, fieldPath);
        if (read instanceof Invalid) return read;
        if (read !== undefined) copy[name] = read;
      }
      return copy as InferFields<F>;
    },
  };
}

/** Reads one of several objects, told apart by the string in their field `tag`. */
export function variants<C extends Fields>(tag: string, cases: C): Schema<Infer<C[keyof C]>> {
  return {
    read(value, path) {
      const given: unknown =
        typeof value === "object" && value !== null && Object.hasOwn(value, tag)
          ? (value as Record<string, unknown>)[tag]
          : undefined;
      const schema = typeof given === "string" && Object.hasOwn(cases, given) ? cases[given] : undefined;
      return schema
        ? (schema.read(value, path) as Infer<C[keyof C]> | Invalid)
        : new Invalid(`${path === "" ? "" : `${path}.`}${tag} is unknown`);
    },
  };
}
