// `npm start`: a server, two people and two VS Codes, with one command. Ctrl+C stops everything; their messages stay in
// .demo/, where the next start finds them.

import { join } from "node:path";
import { editorOpener } from "./demo/editors.ts";
import { preparePerson, stopDaemon } from "./demo/person.ts";
import { startDemoServer } from "./demo/server.ts";
import { makePackage } from "./package.ts";
import { root } from "./run.ts";

const demoFolder = process.env["CHAT_ROOM_DEMO"] ?? join(root, ".demo");
const people = [
  { name: "alice", port: 8801 },
  { name: "bob", port: 8802 },
] as const;

const undo: (() => Promise<void>)[] = [];
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
});

async function start(): Promise<void> {
  console.log("Building Chat Room …");
  const vsixFile = await makePackage();
  console.log("Getting VS Code ready …");
  const open = await editorOpener(vsixFile);
  console.log("Starting the server …");
  const server = await startDemoServer(join(demoFolder, "server"));
  undo.push(() => server.dispose());
  const places: string[] = [];
  for (const { name, port } of people) {
    console.log(`Signing in ${name} and opening VS Code …`);
    const person = await preparePerson(name, demoFolder, server.address);
    undo.push(() => stopDaemon(person));
    const editor = await open(person, port);
    undo.push(() => editor.dispose());
    places.push(`  ${name.padEnd(6)} ${editor.url ?? "in the VS Code window that has just opened"}`);
  }
  console.log(`
Chat Room is running on ${server.address}. Open both and put them side by side:
${places.join("\n")}

  1. As alice, open Chat Room in the activity bar, click bob, type, press Enter.
  2. As bob, open the chat with alice: it is there. Answer.
  3. Close bob's page, write to him again as alice, open it again: nothing is lost.

Ctrl+C stops everything. What was written stays in ${demoFolder}. Should you sign out: the passwords of both are
in the file "password" in their folders there.`);
}

async function stop(): Promise<void> {
  console.log("\nStopping …");
  for (const step of undo.reverse()) await step().catch((error: unknown) => console.error(String(error)));
}

try {
  await Promise.race([start().then(() => interrupted), interrupted]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await stop();
  // Unfinished work (an interrupted installation) must not keep a finished demo alive.
  process.exit();
}
