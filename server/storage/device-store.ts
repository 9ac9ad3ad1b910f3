// The keys with which people signed in before [P-8.8], answered from memory: the latest few per account.

import { limits } from "../../protocol/limits.ts";
import type { Devices } from "../core/ports.ts";
import type { StorageClient } from "./engine-client.ts";

export class DeviceStore implements Devices {
  readonly #client: StorageClient;
  /** Per account, the least recently used first. */
  readonly #keys = new Map<number, Set<string>>();
  readonly #newest = new Map<number, string>();

  constructor(client: StorageClient) {
    this.#client = client;
  }

  /** @param devices those of each account, the least recently used first */
  load(devices: Iterable<readonly [account: number, key: string]>): void {
    for (const [account, key] of devices) this.#add(account, key);
  }

  knows(account: number, key: string): boolean {
    return this.#keys.get(account)?.has(key) === true;
  }

  remember(account: number, key: string): void {
    if (this.#newest.get(account) === key) return;
    this.#add(account, key);
    this.#client.post("rememberDevice", [account, key]);
  }

  /** As the engine does if the password changes or the account is removed. */
  forgetAccount(account: number): void {
    this.#keys.delete(account);
    this.#newest.delete(account);
  }

  #add(account: number, key: string): void {
    let keys = this.#keys.get(account);
    if (!keys) this.#keys.set(account, (keys = new Set()));
    keys.delete(key);
    keys.add(key);
    this.#newest.set(account, key);
    const [oldest] = keys;
    if (keys.size > limits.maxDevices && oldest !== undefined) keys.delete(oldest);
  }
}
