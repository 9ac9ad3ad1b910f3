// The process of chat-room-server. Looks at the runtime before anything is loaded that would fail without it.

import { whatIsMissing } from "./probe.ts";

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // An open channel would keep a program alive that could not do what its parent started it for.
  if (process.connected) process.disconnect();
});

async function main(argv: readonly string[]): Promise<number> {
  const missing = whatIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`chat-room-server: ${missing}\n`);
    return 1;
  }
  const { run } = await import("./program.ts");
  return await run(argv);
}
