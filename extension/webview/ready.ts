// The first thing that this page does: it tells the host that it is there. What the host answers is on its way while the
// rest of the script runs, and is taken after it: a page is told nothing before its script has ended.

import { connectHost } from "./extension-host.ts";

export const host = connectHost();

const { anchor, pending } = host.state;
host.post({
  kind: "ready",
  ...(anchor !== undefined && { anchor }),
  pending: pending.map((each) => each.mid),
});
