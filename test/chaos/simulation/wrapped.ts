// A port, a link or its events, with some methods replaced.

/** Keeps all methods except those that are given. */
export function wrapped<T extends object>(real: T, altered: Partial<T>): T {
  return new Proxy(real, {
    get: (target, name) => {
      if (name in altered) return altered[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
