// A walk through everything that a person can see of Chat Room, from the first start to a session that ended: each stop
// is one state, reached as a person reaches it. Tests and the gallery look around at every stop (see tour-stops.ts).

import type { Page } from "playwright-core";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { runCommand } from "../support/vscode/quick-input.ts";
import { steadyTheme } from "./looks.ts";
import { Outsider } from "./protocol-client.ts";
import type { UserWindow } from "./user-window.ts";
import { TestEnvironment } from "./test-environment.ts";

export interface Stop {
  readonly name: string;
  /** With whom the chat is that is to be seen. */
  readonly chat?: string;
  readonly reach: (tour: Tour) => Promise<void>;
  readonly leave?: (tour: Tour) => Promise<void>;
  /** It goes by itself: for each further look it is left and reached again. */
  readonly fleeting?: true;
}

/** As `signedIn` of test/support/line-client.ts has it, so that somebody else can sign in as alice. */
export const password = "pw alice";

export class Tour {
  readonly environment: TestEnvironment;
  readonly alice: UserWindow;
  readonly crowd = new Map<string, Outsider>();

  private constructor(environment: TestEnvironment, alice: UserWindow) {
    this.environment = environment;
    this.alice = alice;
  }

  static async begin(): Promise<Tour> {
    const environment = await TestEnvironment.build();
    return new Tour(environment, await environment.welcome("alice", "dark", steadyTheme));
  }

  get page(): Page {
    return this.alice.page;
  }

  /** `device`: a key of their own, as a daemon has. */
  async join(name: string, device?: TlsIdentity): Promise<Outsider> {
    const outsider = await Outsider.join(this.environment.serverPort, name, device);
    this.crowd.set(name, outsider);
    return outsider;
  }

  outsider(name: string): Outsider {
    const found = this.crowd.get(name);
    if (found === undefined) throw new Error(`${name} has not come yet`);
    return found;
  }

  async clearNotifications(): Promise<void> {
    await runCommand(this.page, "Notifications: Clear All Notifications");
  }

  /** Closes the question that VS Code asks at the top. */
  async giveUp(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  async dispose(): Promise<void> {
    for (const outsider of this.crowd.values()) outsider.leave();
    await this.environment.dispose();
  }
}
