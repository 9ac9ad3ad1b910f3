// Syntax highlighting: highlight.js parses the code and emits words and scopes instead of HTML; code.css gives their classes
// the colours of the theme. An unknown language or a long text stays plain.

import core from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import php from "highlight.js/lib/languages/php";
import powershell from "highlight.js/lib/languages/powershell";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { Emitter } from "highlight.js";

/** Some grammars take quadratic time; these bounds keep the worst below half a second. */
const maxCharacters = 8_000;
const maxLineCharacters = 1_000;

/** A run of code and its scopes, outermost first, such as `string` or `title.function`. */
export interface Run {
  readonly text: string;
  readonly scopes: readonly string[];
}

const grammars = {
  bash,
  cpp,
  csharp,
  css,
  diff,
  go,
  ini,
  java,
  json,
  kotlin,
  php,
  powershell,
  python,
  ruby,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
const otherNames: Readonly<Record<string, readonly string[]>> = {
  typescript: ["ts", "tsx", "js", "jsx", "javascript", "mjs", "cjs", "typescriptreact", "javascriptreact"],
  bash: ["sh", "shell", "zsh", "console", "shellscript"],
  cpp: ["c", "h", "cc", "hpp", "c++", "objective-c"],
  csharp: ["cs", "c#"],
  css: ["scss", "less"],
  diff: ["patch"],
  ini: ["toml", "properties", "conf"],
  json: ["jsonc", "json5"],
  kotlin: ["kt"],
  powershell: ["ps1", "pwsh"],
  python: ["py"],
  ruby: ["rb"],
  rust: ["rs"],
  xml: ["html", "svg", "vue", "xhtml"],
  yaml: ["yml"],
};

/** Control-flow keywords; themes have a colour for them, but the library does not tell them apart. */
const controlWords =
  /^(?:as|assert|await|begin|break|case|catch|continue|default|do|done|el(?:se ?)?if|else|end|ensure|esac|except|exit|export|fi|finally|for|foreach|from|goto|if|import|include|loop|match|next|package|pass|raise|redo|rescue|retry|return|select|switch|then|throws?|try|unless|until|use|using|when|while|with|yield)$/iu;

class Runs implements Emitter {
  readonly runs: Run[] = [];
  readonly #scopes: string[] = [];

  startScope(name: string): void {
    this.openNode(name);
  }

  endScope(): void {
    this.closeNode();
  }

  /** The library calls these two in addition to those of its interface. */
  openNode(name: string): void {
    this.#scopes.push(name);
  }

  closeNode(): void {
    this.#scopes.pop();
  }

  addText(text: string): void {
    if (text === "") return;
    const isControl = this.#scopes.at(-1) === "keyword" && controlWords.test(text.trim());
    this.runs.push({ text, scopes: isControl ? [...this.#scopes, "keyword.control"] : [...this.#scopes] });
  }

  __addSublanguage(emitter: Emitter): void {
    if (emitter instanceof Runs) this.runs.push(...emitter.runs);
  }

  finalize(): void {
    // Nothing is open at the end: every run has its scopes.
  }

  /** Required by the library; HTML is never produced. */
  toHTML(): string {
    return "";
  }
}

const highlighter = core.newInstance();
highlighter.configure({ __emitter: Runs });
for (const [name, grammar] of Object.entries(grammars)) {
  highlighter.registerLanguage(name, grammar);
  highlighter.registerAliases([...(otherNames[name] ?? [])], { languageName: name });
}

export function runsOf(code: string, language: string): readonly Run[] {
  const plain = [{ text: code, scopes: [] }];
  if (code.length > maxCharacters || highlighter.getLanguage(language) === undefined) return plain;
  if (code.split("\n").some((line) => line.length > maxLineCharacters)) return plain;
  const emitter: unknown = highlighter.highlight(code, { language, ignoreIllegals: true })._emitter;
  if (!(emitter instanceof Runs)) return plain;
  return emitter.runs.map((run) => run.text).join("") === code ? emitter.runs : plain;
}
