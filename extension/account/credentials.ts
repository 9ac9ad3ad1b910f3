// What this machine remembers between sign-ins: server and user always, a password only in SecretStorage and only after
// the person agreed. Asked once an account; forgotten at sign-out and when the server refuses it. Nothing else depends on
// SecretStorage, which may fail on a machine without a keyring.

/** Of VS Code's Memento what is used here. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Of VS Code's SecretStorage what is used here. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

export interface LastAccount {
  readonly server: string;
  readonly user: string;
}

const lastKey = "chatRoom.lastAccount";
const declinedKey = "chatRoom.declinedToRemember";

export class Credentials {
  readonly #memento: Memory;
  readonly #secrets: Secrets;

  constructor(memento: Memory, secrets: Secrets) {
    this.#memento = memento;
    this.#secrets = secrets;
  }

  get last(): LastAccount | undefined {
    const stored = this.#memento.get(lastKey);
    if (typeof stored !== "object" || stored === null || !("server" in stored) || !("user" in stored)) return undefined;
    const { server, user } = stored;
    return typeof server === "string" && typeof user === "string" ? { server, user } : undefined;
  }

  async rememberAccount({ server, user }: LastAccount): Promise<void> {
    await this.#memento.update(lastKey, { server, user });
  }

  /** Undefined also where it cannot be read. */
  async password(account: LastAccount): Promise<string | undefined> {
    try {
      return await this.#secrets.get(secretKey(account));
    } catch {
      return undefined;
    }
  }

  /** False where it could not be kept. */
  rememberPassword(account: LastAccount, password: string): Promise<boolean> {
    return isDone(() => this.#secrets.store(secretKey(account), password));
  }

  /** False where it may still be there. */
  forgetPassword(account: LastAccount): Promise<boolean> {
    return isDone(() => this.#secrets.delete(secretKey(account)));
  }

  /** Whether the person was asked to keep the password of this account and did not want to. */
  hasDeclined(account: LastAccount): boolean {
    return this.#declined().includes(secretKey(account));
  }

  async rememberDeclined(account: LastAccount): Promise<void> {
    await this.#memento.update(declinedKey, [...this.#declined(), secretKey(account)].slice(-100));
  }

  #declined(): string[] {
    const stored = this.#memento.get(declinedKey);
    return Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
  }
}

async function isDone(change: () => PromiseLike<void>): Promise<boolean> {
  try {
    await change();
    return true;
  } catch {
    return false;
  }
}

function secretKey({ server, user }: LastAccount): string {
  return `chatRoom.password ${JSON.stringify([server, user.toLowerCase()])}`;
}
