// Somebody on the server without a VS Code: speaks the bare protocol, acknowledges what comes, and may say anything that
// the protocol lets pass. For crowds, and for people who mean harm.

import type { TlsIdentity } from "../../base/tls/identity.ts";
import { limits } from "../../protocol/limits.ts";
import { LineClient, signedIn } from "../support/line-client.ts";
import type { Line, Transport } from "../support/line-client.ts";

/** To a message: its own id, and what it does to which earlier one. */
interface Added {
  readonly mid?: string;
  readonly ref?: { readonly kind: string; readonly mid: string };
}

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

  /** With an account, made now if there is none, and online; with a key of their device, if one is given. */
  static async join(port: number, name: string, device?: TlsIdentity): Promise<Outsider> {
    return new Outsider(name, await signedIn(port, name, { acks: true, presence: true }, device && by(device)));
  }

  async says(to: string, text: string, more: Added = {}): Promise<void> {
    await this.#ask({ type: "message", from: this.name, to, msg: text, ...more });
  }

  async isTypingTo(to: string): Promise<void> {
    await this.#ask({ type: "signal", from: this.name, to, kind: "typing" });
  }

  /** The answer comes when the other one has decided. */
  asksToTalk(target: string): void {
    this.#client.send({ type: "address", from: this.name, target });
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

function by(device: TlsIdentity): Transport {
  const open = (port: number): Promise<LineClient> =>
    LineClient.openTls(port, { key: device.key, cert: device.certificate });
  const transport: Transport = {
    name: "TLS",
    open,
    signedIn: (port, username, added) => signedIn(port, username, added, transport),
  };
  return transport;
}
