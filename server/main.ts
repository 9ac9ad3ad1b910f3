// The process of chat-room-server. Looks at the runtime before anything is loaded that would fail without it, and listens from
// the first moment to what must not end it.

import { EarlyEvents } from "./operations/early-events.ts";
import { whatIsMissing } from "./probe.ts";

const early = new EarlyEvents();

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
  return await run(argv, early);
}
