// Problem: a browser without a separate download. The package @sparticuz/chromium contains a compressed headless Chromium,
// some of the libraries it needs and one font, but unpacks them into the shared temporary folder, where two processes
// interfere with each other.
// Approach: unpack in a child process whose temporary folder is a staging folder of our cache; use its libraries only on a
// machine that lacks them; use a fontconfig of our own, so that text looks the same everywhere.
// Limit: Linux on x64. Elsewhere, or with CHROMIUM_EXECUTABLE set, a browser of the machine is used.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheRoot, makeOnce } from "./cache.ts";
import { npmInstall } from "./npm.ts";

const run = promisify(execFile);
/** The package's one font is not monospaced and has no emoji, but people write code and emoji. */
const fontPackages = ["dejavu-fonts-ttf@2.37.3", "@expo-google-fonts/noto-color-emoji@0.4.6"];
const fontFolderName = "fonts-1"; // count up when the list above changes
const fontConfigurationName = "fontconfig.xml";

/** Folders are relative to the file, which is in the unpacked browser's folder; missing ones are skipped. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir prefix="relative">../${fontFolderName}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  ${alias("sans-serif", "Open Sans", "DejaVu Sans")}
  ${alias("system-ui", "Open Sans", "DejaVu Sans")}
  ${alias("serif", "DejaVu Serif", "Open Sans")}
  ${alias("monospace", "DejaVu Sans Mono", "Open Sans")}
</fontconfig>
`;

export interface Chromium {
  readonly executable: string;
  /** Variables that it needs in addition to our environment. */
  readonly env: Record<string, string>;
}

/** Unpacks the browser of the package once (2 s, 230 MB in the cache folder). */
export async function ensureChromium(): Promise<Chromium> {
  const entry = import.meta.resolve("@sparticuz/chromium");
  const manifest: unknown = JSON.parse(await readFile(new URL("../package.json", entry), "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "";
  const folder = await makeOnce(join(cacheRoot(), `chromium-${String(version)}`), (staging) => unpack(entry, staging));
  await ensureFonts();
  const executable = join(folder, "chromium");
  const env = { ...(await libraryPath(executable, folder)), FONTCONFIG_FILE: join(folder, fontConfigurationName) };
  return { executable, env };
}

async function unpack(entry: string, staging: string): Promise<void> {
  const script = `import chromium from ${JSON.stringify(entry)}; await chromium.executablePath();`;
  await run(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" }, // that adds the libraries
  });
  await writeFile(join(staging, fontConfigurationName), fontConfiguration);
}

/** The bundled libraries come from another system, so they are used only if `ldd` reports missing ones. */
async function libraryPath(executable: string, folder: string): Promise<Record<string, string>> {
  const listing = await run("ldd", [executable]).then(
    ({ stdout }) => stdout,
    () => "not found",
  );
  if (!listing.includes("not found")) return {};
  const paths = [join(folder, "al2023", "lib"), process.env["LD_LIBRARY_PATH"]];
  return { LD_LIBRARY_PATH: paths.filter((path) => path !== undefined && path !== "").join(":") };
}

/** Without network, text falls back to the fonts of the package and of the machine. */
async function ensureFonts(): Promise<void> {
  await makeOnce(join(cacheRoot(), fontFolderName), async (staging) => {
    await writeFile(join(staging, "package.json"), JSON.stringify({ private: true }));
    await npmInstall(staging, fontPackages);
  }).catch(() => undefined);
}

function alias(family: string, ...preferred: string[]): string {
  const names = preferred.map((name) => `<family>${name}</family>`).join("");
  return `<alias binding="same"><family>${family}</family><prefer>${names}</prefer></alias>`;
}
