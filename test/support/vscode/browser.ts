// Problem: a real browser for the page of a VS Code, on a machine that may have none.
// Approach: playwright-core drives the Chromium of chromium.ts; every page gets a browser context of its own, so two
// people never share cookies, secrets or window layout. Names outside this machine do not resolve.
// Limit: headless only.
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { ensureChromium, type Chromium } from "./chromium.ts";

export interface PageOptions {
  /** CSS pixels. Default 1280 by 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Device pixels per CSS pixel: 2 makes sharp screenshots. Default 1. */
  readonly deviceScaleFactor?: number;
  readonly colorScheme?: "light" | "dark";
  /** Milliseconds after which a wait of the page gives up. Default 30,000. */
  readonly timeoutMs?: number;
}

export interface TestBrowser {
  readonly browser: Browser;
  /** A page in a new context, that is, for a new person. A second page of the same person: `page.context().newPage()`. */
  openPage(options?: PageOptions): Promise<Page>;
  /** Closes the browser and all its pages. Idempotent. */
  dispose(): Promise<void>;
}

const onlyThisMachine =
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost";
const quietFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** `CHROMIUM_EXECUTABLE` names another Chromium or Chrome to use. */
export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await launch();
  let closing: Promise<void> | undefined;
  return {
    browser,
    openPage: async (options = {}) => {
      const page = await (await newContext(browser, options)).newPage();
      page.setDefaultTimeout(options.timeoutMs ?? 30_000);
      return page;
    },
    dispose: () => (closing ??= browser.close()),
  };
}

async function launch(): Promise<Browser> {
  const args = [...quietFlags, onlyThisMachine];
  const own = process.env["CHROMIUM_EXECUTABLE"];
  if (own !== undefined && own !== "") return chromium.launch({ executablePath: own, args });
  if (process.platform !== "linux" || process.arch !== "x64") return launchInstalled(args);
  const { executable, env }: Chromium = await ensureChromium();
  return chromium.launch({
    executablePath: executable,
    args: [...args, "--headless=shell"],
    env: { ...definedEnvironment(), ...env },
  });
}

async function launchInstalled(args: string[]): Promise<Browser> {
  try {
    return await chromium.launch({ channel: "chrome", args });
  } catch (error) {
    throw new Error(
      `There is no bundled browser for ${process.platform} ${process.arch} and no Chrome was found: ` +
        "install Chrome, or let CHROMIUM_EXECUTABLE name a Chromium.",
      { cause: error },
    );
  }
}

function newContext(browser: Browser, options: PageOptions): Promise<BrowserContext> {
  return browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    deviceScaleFactor: options.deviceScaleFactor ?? 1,
    colorScheme: options.colorScheme ?? "dark",
    locale: "en-US",
    permissions: ["clipboard-read", "clipboard-write"],
  });
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
