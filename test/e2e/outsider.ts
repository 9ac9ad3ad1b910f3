// Somebody on the server without a VS Code: speaks the bare protocol, acknowledges what comes, and may say anything that
// the protocol lets pass. For crowds, and for people who mean harm.

import { limits } from "../../protocol/limits.ts";
import { signedIn } from "../support/line-client.ts";
import type { Line, LineClient } from "../support/line-client.ts";

export class Outsider {
  readonly name: string;
  readonly #client: LineClient;
  readonly #heart: NodeJS.Timeout;

  private constructor(name: string, client: LineClient) {
    this.name = name;
    this.#client = client;
    this.#heart = setInterval(() => client.send({ type: "alive" }), limits.heartbeatMs);
    this.#heart.unref();
  }

  /** With an account, made now if there is none, and online. */
  static async join(port: number, name: string): Promise<Outsider> {
    return new Outsider(name, await signedIn(port, name, { acks: true, presence: true }));
  }

  async says(to: string, text: string): Promise<void> {
    await this.#ask({ type: "message", from: this.name, to, msg: text });
  }

  async broadcasts(text: string): Promise<void> {
    await this.#ask({ type: "broadcast", from: this.name, msg: text });
  }

  async presents(state: "available" | "away" | "dnd", text?: string): Promise<void> {
    await this.#ask({ type: "presence", state, ...(text !== undefined && { text }) });
  }

  async blocks(target: string, on = true): Promise<void> {
    await this.#ask({ type: on ? "block" : "unblock", from: this.name, target });
  }

  /** Signs out, so that everybody sees it at once. */
  async signsOut(): Promise<void> {
    await this.#ask({ type: "logout", from: this.name });
    this.leave();
  }

  leave(): void {
    clearInterval(this.#heart);
    this.#client.destroy();
  }

  async #ask(request: object): Promise<Line> {
    const answer = await this.#client.ask(request);
    if (answer["result"] !== "ok") {
      throw new Error(`${JSON.stringify(request).slice(0, 400)}: ${JSON.stringify(answer).slice(0, 400)}`);
    }
    return answer;
  }
}
