// `npm run pictures`: makes the pictures of the README from the screenshots of the last end-to-end run, so that they show
// the current product.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { launchBrowser } from "../test/support/vscode/browser.ts";
import { root } from "./run.ts";

const screenshots = join(root, "test-results", "screenshots");
const images = join(root, "docs", "images");
const pictures: Readonly<Record<string, readonly [string, string]>> = {
  "two-people.png": ["chat-dark.png", "chat-light.png"],
  "quiet.png": ["welcome-dark.png", "unread-light.png"],
};

const browser = await launchBrowser();
try {
  await mkdir(images, { recursive: true });
  for (const [name, sides] of Object.entries(pictures)) {
    const shown = await Promise.all(
      sides.map(
        async (side) =>
          `<img src="data:image/png;base64,${(await readFile(join(screenshots, side))).toString("base64")}">`,
      ),
    );
    const page = await browser.openPage({ viewport: { width: 1640, height: 560 } });
    await page.setContent(`<style>
      body { margin: 0; padding: 20px; display: flex; gap: 20px; background: #8b95a5; }
      img { width: 790px; border-radius: 8px; box-shadow: 0 6px 24px #0006; }
    </style>${shown.join("")}`);
    await page.screenshot({ path: join(images, name) });
    await page.close();
    console.log(join("docs", "images", name));
  }
} finally {
  await browser.dispose();
}
