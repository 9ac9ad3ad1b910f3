// `node bench/editor.ts [--rounds N] [--messages N] [--as-built]`: measures the speed and memory of Chat Room in a real VS
// Code: activation, the first message of a long chat, from a key press until the other person sees it, and memory. Builds
// the package first. README.md explains each figure.

import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { makePackage, vsixFile } from "../scripts/package.ts";
import { Outsider } from "../test/e2e/protocol-client.ts";
import { runCommand } from "../test/support/vscode/quick-input.ts";
import { TestEnvironment } from "../test/e2e/test-environment.ts";
import { until } from "../test/support/vscode/until.ts";
import { activations } from "./editor/activation.ts";
import { figure, table } from "./editor/figures.ts";
import type { Figure } from "./editor/figures.ts";
import { firstMessageMs, watchPages } from "./editor/first-message.ts";
import { fillHistory } from "./editor/history.ts";
import { keyToScreenMs } from "./editor/key-to-screen.ts";
import { chatRoomProcesses } from "./editor/memory.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    messages: { type: "string", default: "100000" },
    "as-built": { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const messages = Number(values.messages);
const chats = 20;
const storeMs = 600_000;
const mib = 1_024 * 1_024;

async function measure(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const note = (each: Figure): void => {
    figures.push(each);
    console.log(table([each]).split("\n").at(-1));
  };
  note(figure("size of the .vsix", "KB", 1_000, [(await stat(vsixFile)).size / 1_000]));
  const environment = await TestEnvironment.build({ serverArgs: ["--rate", "0"] });
  try {
    const alice = await environment.welcome("alice", "dark");
    await watchPages(alice.page);
    await alice.createAccount(environment.serverAddress, "correct horse");
    const starts = await activations(alice.page, rounds);
    note(
      figure(
        "activation",
        "ms",
        50,
        starts.map(({ ownMs }) => ownMs),
      ),
    );
    note(
      figure(
        "the same, with what other extensions did meanwhile",
        "ms",
        undefined,
        starts.map(({ allMs }) => allMs),
      ),
    );
    // Only now, because two starting windows slow each other down, and bob's is idle before anybody writes to him.
    const bob = await environment.welcome("bob", "dark");
    await bob.createAccount(environment.serverAddress, "battery staple");
    await alice.seesInTree(/^bob\b.*online/);

    const before = await chatRoomProcesses(alice);
    const crowd = await Promise.all(
      Array.from({ length: chats }, (_, index) => Outsider.join(environment.serverPort, `friend${index + 10}`)),
    );
    for (const friend of crowd) {
      await friend.says("alice", "Hello!");
      await alice.seesInTree(new RegExp(`^${friend.name}\\b.*new`));
      await alice.openChatFromTree(friend.name);
      await alice.sees(friend.name, friend.name, "Hello!");
    }
    const after = await chatRoomProcesses(alice);
    note(figure("extension host's resident memory before", "MB", undefined, [before.host / mib]));
    note(figure(`growth of the extension host by ${chats} open chats`, "MB", 15, [(after.host - before.host) / mib]));
    note(figure(`daemon's resident memory with ${chats} open chats`, "MB", 60, [after.daemon / mib]));
    note(figure("of which are its own", "MB", undefined, [after.daemonOwn / mib]));
    await runCommand(alice.page, "View: Close All Editors");
    const keys = await keyToScreenMs(alice, bob, 20 * rounds);
    note(figure("key press to the other's screen", "ms", undefined, keys));
    note(figure("the same, p95", "ms", 60, [percentile(keys, 0.95)]));
    await runCommand(alice.page, "View: Close All Editors");

    console.log(`writing ${messages} messages …`);
    await fillHistory(environment.serverPort, "chatterbox", "alice", messages);
    const stored = new RegExp(`^chatterbox\\b.*\\b${messages} new`);
    await until("the daemon to store them", async () => (await alice.seesInTree(stored), true), storeMs);
    const opened = await firstMessageMs(alice, "chatterbox", rounds);
    note(
      figure(
        `first message of ${messages}, since the page's start`,
        "ms",
        150,
        opened.map((each) => each.sincePage),
      ),
    );
    note(
      figure(
        "the same, since the click (VS Code makes a webview)",
        "ms",
        undefined,
        opened.map((each) => each.sinceClick),
      ),
    );
    const full = await chatRoomProcesses(alice);
    note(figure(`daemon's resident memory after ${messages} messages`, "MB", 60, [full.daemon / mib]));
    note(figure("of which are its own", "MB", undefined, [full.daemonOwn / mib]));
    for (const each of crowd) each.leave();
  } finally {
    await environment.dispose();
  }
  return figures;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

if (!values["as-built"]) await makePackage();
console.log(table(await measure()));
