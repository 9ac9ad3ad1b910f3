// Lint rules. The import boundaries of ARCHITECTURE.md are guarded here, in .dependency-cruiser.cjs, by the TypeScript
// project references and by the externals of esbuild.mjs: each misses a case that another catches.
import { builtinModules } from "node:module";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const nodeModules = ["node:*", ...builtinModules];
const forbid = (...group) => [
  "error",
  { patterns: [{ group, message: "This layer must not import that one: ARCHITECTURE.md" }] },
];

export default defineConfig(
  { ignores: ["node_modules/", "dist/", ".build/", "test-results/", ".vscode-test/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["protocol/**/*.ts"],
    rules: {
      "no-restricted-imports": forbid(
        ...nodeModules,
        "vscode*",
        "**/base/**",
        "**/server/**",
        "**/daemon/**",
        "**/client/**",
        "**/extension/**",
      ),
      "no-restricted-globals": ["error", "Date", "setTimeout", "setInterval", "process", "Buffer"],
    },
  },
  {
    files: ["base/**/*.ts"],
    rules: {
      "no-restricted-imports": forbid(
        "vscode",
        "**/server/**",
        "**/daemon/**",
        "**/client/**",
        "**/cli/**",
        "**/extension/**",
      ),
    },
  },
  {
    files: ["client/**/*.ts"],
    rules: {
      "no-restricted-imports": forbid("vscode*", "**/server/**", "**/daemon/**", "**/cli/**", "**/extension/**"),
    },
  },
  {
    files: ["server/**/*.ts"],
    rules: { "no-restricted-imports": forbid("vscode*", "**/daemon/**", "**/client/**", "**/extension/**") },
  },
  {
    files: ["daemon/**/*.ts"],
    rules: {
      "no-restricted-imports": forbid("vscode", "**/server/**", "**/client/**", "**/extension/**", "**/cli/**"),
    },
  },
  {
    files: ["cli/**/*.ts"],
    rules: { "no-restricted-imports": forbid("vscode", "**/server/**", "**/daemon/**", "**/extension/**") },
  },
  { files: ["extension/**/*.ts"], rules: { "no-restricted-imports": forbid("**/server/**", "**/daemon/**") } },
  {
    files: ["server/core/**/*.ts", "daemon/core/**/*.ts"],
    rules: {
      "no-restricted-imports": forbid(
        ...nodeModules,
        "vscode*",
        "**/net/**",
        "**/storage/**",
        "**/daemon/api/**",
        "**/connection/**",
        "**/history/**",
        "**/base/**",
      ),
      "no-restricted-globals": [
        "error",
        "setTimeout",
        "setInterval",
        "setImmediate",
        "process",
        "Buffer",
        "performance",
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now" },
        { object: "Math", property: "random" },
      ],
    },
  },
  {
    files: ["{cli,daemon,extension,server}/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...[
          "Literal[value=/^user:/]",
          "TemplateElement[value.raw=/^user:/]",
          "BinaryExpression > Literal[value='everyone']",
        ].map((selector) => ({
          selector,
          message: "protocol/conversations/conversation-id.ts knows the kinds of conversation.",
        })),
      ],
    },
  },
  { files: ["scripts/**/*.ts", "bench/**/*.ts", "test/**/*.ts", "cli/**/*.ts"], rules: { "no-console": "off" } },
  { files: ["test/**/*.ts"], rules: { "@typescript-eslint/no-unused-expressions": "off" } },
);
