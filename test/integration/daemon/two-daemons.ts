// What most tests of daemons begin with: Alice and bob, a daemon and a view each, signed in at one server. Who gets them
// disposes of them: `DaemonProcess.disposeAll`, then the server.

import { DaemonProcess } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

export interface TwoDaemons {
  readonly server: ChatServer;
  readonly alice: DaemonProcess;
  readonly bob: DaemonProcess;
  /** Of Alice. */
  readonly a: TestView;
  /** Of bob. */
  readonly b: TestView;
}

/** @param serverArgs flags of the server */
export async function twoDaemons(...serverArgs: string[]): Promise<TwoDaemons> {
  const server = await startChatServer({ args: serverArgs });
  const [alice, bob] = await Promise.all([DaemonProcess.start(), DaemonProcess.start()]);
  const [a, b] = await Promise.all([alice.view(), bob.view()]);
  await Promise.all([a.join(server.port, "Alice"), b.join(server.port, "bob")]);
  await Promise.all([a.untilState("connected"), b.untilState("connected")]);
  return { server, alice, bob, a, b };
}
