// How a setting is declared, and read by its declaration. No vscode.

/** What the daemon acts on, see `daemon-settings.ts`. */
interface DaemonField {
  /** The request that tells it, by its name in `daemonRequests`. */
  readonly request: string;
  readonly field: string;
  /** What the daemon is told in the place of an option; an option that is not here is left out. */
  readonly values?: Readonly<Record<string, unknown>>;
}

interface Common {
  /** English. `markdownDescription` may have links, bold and code in it. */
  readonly description?: string;
  readonly markdownDescription?: string;
  /** Follows the description in the documentation, as Markdown. */
  readonly documentation?: string;
  /** Where the settings editor shows it. */
  readonly order: number;
  /** Belongs to one machine: Settings Sync leaves it out. */
  readonly ignoreSync?: true;
  /** `application` by default. Others would let a repository change it. */
  readonly scope?: "application" | "machine";
  /** Absent where the window acts on it; `itself`: the daemon asks for it, as a language server. */
  readonly daemon?: DaemonField | "itself";
}

interface Option {
  readonly description: string;
  /** Names its text in package.nls.json; the option itself by default. */
  readonly key?: string;
}

type Declared =
  | { readonly type: "boolean"; readonly default: boolean }
  | { readonly type: "string"; readonly default: string }
  | {
      readonly type: "choice";
      readonly default: string;
      readonly options: Readonly<Record<string, Option>>;
      /** Values that were written by earlier versions, and what they mean now. */
      readonly formerly?: readonly (readonly [unknown, string])[];
    }
  | { readonly type: "integer"; readonly default: number; readonly minimum: number; readonly maximum: number }
  | {
      readonly type: "texts";
      readonly default: readonly string[];
      /** Of each text. */
      readonly maxLength: number;
      readonly maxItems: number;
    };

export type SettingDefinition = Common & Declared;

/** What reading a setting answers. */
export type ValueOf<D extends SettingDefinition> = D extends { type: "boolean" }
  ? boolean
  : D extends { type: "choice"; options: infer Options }
    ? keyof Options & string
    : D extends { type: "integer" }
      ? number
      : D extends { type: "texts" }
        ? string[]
        : string;

export function setting<const D extends SettingDefinition>(definition: D): D {
  return definition;
}

/** A value may be anything; what the definition does not allow counts as the default. */
export function readValue<D extends SettingDefinition>(definition: D, given: unknown): ValueOf<D> {
  return allowed(definition, given) as ValueOf<D>;
}

function allowed(definition: Declared, given: unknown): unknown {
  switch (definition.type) {
    case "boolean":
      return typeof given === "boolean" ? given : definition.default;
    case "string":
      return typeof given === "string" && given.trim() !== "" ? given.trim() : definition.default;
    case "choice": {
      const former = definition.formerly?.find(([value]) => value === given);
      if (former) return former[1];
      return typeof given === "string" && Object.hasOwn(definition.options, given) ? given : definition.default;
    }
    case "integer": {
      const { minimum, maximum } = definition;
      const fits = typeof given === "number" && Number.isInteger(given) && given >= minimum && given <= maximum;
      return fits ? given : definition.default;
    }
    case "texts": {
      if (!Array.isArray(given)) return [...definition.default];
      const texts = given.filter((each): each is string => typeof each === "string").map((each) => each.trim());
      return texts.filter((each) => each !== "" && each.length <= definition.maxLength).slice(0, definition.maxItems);
    }
  }
}
