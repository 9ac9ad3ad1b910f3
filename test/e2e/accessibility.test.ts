// The chat panel against the rules of accessibility, in every state that a person can bring it to, in the four kinds of
// theme, at full size and zoomed to 200 %.

import assert from "node:assert/strict";
import { keepFailures } from "../support/vscode/screenshot.ts";
import { violationsIn } from "./axe.ts";
import { resize, sizeNames, themeNames, wear } from "./looks.ts";
import { stops } from "./tour-stops.ts";
import { Tour } from "./tour.ts";

describe("the accessibility of the chat panel", () => {
  let tour: Tour;

  before(async function () {
    this.timeout(300_000);
    tour = await Tour.begin();
  });

  keepFailures(() => [tour.alice]);

  after(async () => (tour as Tour | undefined)?.dispose());

  for (const { name, chat, reach, leave } of stops) {
    const title = chat === undefined ? `comes to: ${name}` : `breaks no rule of axe in any look: ${name}`;
    it(title, async function () {
      this.timeout(180_000);
      await reach(tour);
      /** In which looks. */
      const broken = new Map<string, string[]>();
      if (chat !== undefined) {
        for (const theme of themeNames) {
          await wear(tour.alice, theme);
          for (const size of sizeNames) {
            await resize(tour.alice, size);
            for (const violation of await violationsIn(await tour.alice.chatWith(chat))) {
              broken.set(violation, [...(broken.get(violation) ?? []), `${theme} ${size}`]);
            }
          }
          await resize(tour.alice, "wide");
        }
      }
      await leave?.(tour);
      const lines = Array.from(broken, ([violation, looks]) => `${violation} (${looks.join(", ")})`);
      assert.deepEqual(lines, []);
    });
  }
});
