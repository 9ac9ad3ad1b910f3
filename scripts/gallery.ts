// `npm run gallery [FOLDER]`: takes screenshots of everything that a person can see of Chat Room, stop by stop of the tour,
// in four themes and two widths, and puts them into one page. Default folder: .build/gallery. For people to look at;
// nothing is compared.

import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { resize, sizeNames, themeNames, wear } from "../test/e2e/looks.ts";
import type { Size, Theme } from "../test/e2e/looks.ts";
import { stops } from "../test/e2e/tour-stops.ts";
import { Tour } from "../test/e2e/tour.ts";
import type { Stop } from "../test/e2e/tour.ts";
import { galleryPage } from "./gallery/page.ts";
import type { Picture } from "./gallery/page.ts";
import { makePackage } from "./package.ts";
import { root } from "./run.ts";

const folder = resolve(process.argv[2] ?? join(root, ".build", "gallery"));
const pictures: Picture[] = [];

async function visit(tour: Tour, stop: Stop): Promise<void> {
  if (stop.fleeting !== true) await stop.reach(tour);
  for (const theme of themeNames) {
    await wear(tour.alice, theme);
    for (const size of sizeNames) {
      await resize(tour.alice, size);
      if (stop.fleeting === true) await stop.reach(tour);
      await photograph(tour, stop, theme, size);
      if (stop.fleeting === true) await stop.leave?.(tour);
    }
    await resize(tour.alice, "wide");
  }
  if (stop.fleeting !== true) await stop.leave?.(tour);
}

async function photograph({ page, alice }: Tour, { name, chat }: Stop, theme: Theme, size: Size): Promise<void> {
  if (chat !== undefined) await alice.chatWith(chat);
  const file = `${[name, theme, size].join("-").replaceAll(/[^a-z0-9]+/gi, "-")}.png`;
  await page.screenshot({ path: join(folder, file), animations: "disabled", caret: "hide" });
  pictures.push({ stop: name, theme, size, file });
}

await mkdir(folder, { recursive: true });
await makePackage();
const tour = await Tour.begin();
try {
  for (const stop of stops) {
    console.log(stop.name);
    await visit(tour, stop).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
  }
} finally {
  await writeFile(join(folder, "index.html"), galleryPage(pictures));
  await tour.dispose();
}
console.log(join(folder, "index.html"));
