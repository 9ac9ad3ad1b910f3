// What this machine remembers between sign-ins: server and user always, a password only in SecretStorage and only if the
// person agreed. The question is asked once per account; the password is deleted at sign-out and when the server rejects
// it. Nothing else depends on SecretStorage, which may fail on a machine without a keyring.

/** The part of VS Code's Memento that is used here. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** The part of VS Code's SecretStorage that is used here. */
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

  /** Returns the stored password; undefined also if it cannot be read. */
  async password(account: LastAccount): Promise<string | undefined> {
    try {
      return await this.#secrets.get(secretKey(account));
    } catch {
      return undefined;
    }
  }

  /** Stores the password. Resolves with false if that failed. */
  rememberPassword(account: LastAccount, password: string): Promise<boolean> {
    return isDone(() => this.#secrets.store(secretKey(account), password));
  }

  /** Deletes the password. Resolves with false if it may still be stored. */
  forgetPassword(account: LastAccount): Promise<boolean> {
    return isDone(() => this.#secrets.delete(secretKey(account)));
  }

  /** Whether the person has declined to keep the password of this account. */
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
