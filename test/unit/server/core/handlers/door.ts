// The part of the core that the handlers of `auth` and `register` need: accounts, tokens and devices in memory, real
// passwords at no cost, a clock that stands still. For cases that a whole core would hide.

import type { UserName } from "../../../../../protocol/ids.ts";
import { keyOfName } from "../../../../../protocol/names.ts";
import type { Connection } from "../../../../../server/core/requests/connection.ts";
import { Counters } from "../../../../../server/core/counters.ts";
import { LoginThrottle } from "../../../../../server/core/limits/login-throttle.ts";
import { isLoopback } from "../../../../../protocol/ip/loopback.ts";
import { handleAuth } from "../../../../../server/core/handlers/session.ts";
import { handleRegister } from "../../../../../server/core/handlers/register.ts";
import { skeletonsOf } from "../../../../../server/core/names/skeleton.ts";
import type { Account, Grant, NewAccount, PasswordTurn, Passwords } from "../../../../../server/core/ports.ts";
import type { CoreOptions, Services } from "../../../../../server/core/requests/services.ts";
import { createPasswords } from "../../../../../server/storage/passwords.ts";
import { KeyRecorder } from "../../key-recorder.ts";

interface Caller {
  readonly address: string;
  readonly peerKey?: string;
  readonly secure?: boolean;
  gone?: boolean;
}

const silent = (): void => undefined;

export class Door {
  readonly keys = new KeyRecorder();
  readonly passwords: Passwords = createPasswords({ keys: this.keys });
  readonly guard = new LoginThrottle(isLoopback);
  readonly accounts = new Map<number, { readonly account: Account; password: string }>();
  /** `account key` */
  readonly devices = new Set<string>();
  readonly grants = new Map<number, Grant>();
  readonly invites = new Set<string>();
  /** How each password job waited. */
  readonly turns: PasswordTurn[] = [];
  nowMs = 1_000_000;
  readonly #core: Services;

  constructor(registration: CoreOptions["registration"] = "open") {
    const { accounts, devices, grants } = this;
    const of = (fits: (account: Account) => boolean): Account | undefined =>
      Array.from(accounts.values(), ({ account }) => account).find(fits);
    const core = {
      guard: this.guard,
      counters: new Counters(),
      options: { registration, classic: false, server: { name: "chat-room", version: "0" } },
      sessions: { open: silent, start: silent, isNews: () => true },
      ports: {
        log: { debug: silent, info: silent, warn: silent, error: silent },
        clock: { nowMs: () => this.nowMs, monotonicMs: () => this.nowMs },
        accounts: {
          find: (name: string) => of(({ key }) => key === keyOfName(name)),
          get: (id: number) => accounts.get(id)?.account,
          lookAlike: (skeleton: string) => of(({ name }) => skeletonsOf(name).includes(skeleton)),
          passwordOf: ({ id }: Account) => accounts.get(id)?.password ?? "",
          anyPassword: (seed: string) => {
            const all = [...accounts.values()];
            return all[seed.length % all.length]?.password;
          },
          isInvited: (invite: string) => Promise.resolve(this.invites.has(invite)),
          create: (account: NewAccount) => Promise.resolve(this.#create(account)),
          rehash: ({ id }: Account, _before: string, password: string) => {
            const row = accounts.get(id);
            if (row) row.password = password;
          },
        },
        devices: {
          knows: (account: number, key: string) => devices.has(`${account} ${key}`),
          remember: (account: number, key: string) => devices.add(`${account} ${key}`),
        },
        tokens: {
          of: (account: number) => grants.get(account),
          find: (token: string) => {
            const grant = grants.get(Number(token));
            return grant && { hash: token, grant };
          },
          issue: (grant: Grant) => {
            grants.set(grant.account, grant);
            return Promise.resolve({ token: String(grant.account), hash: String(grant.account) });
          },
          renew: (_hash: string, grant: Grant) => grants.set(grant.account, grant),
        },
        passwords: {
          hash: (password: string, turn: PasswordTurn) => {
            this.turns.push(turn);
            return this.passwords.hash(password, turn);
          },
          check: (password: string, stored: string | undefined, turn: PasswordTurn) => {
            this.turns.push(turn);
            return this.passwords.check(password, stored, turn);
          },
        },
      },
    };
    this.#core = core as unknown as Services;
  }

  /** @param mebibytes the cost of the password */
  async join(name: string, password: string, mebibytes = 46): Promise<number> {
    const hashing = createPasswords({ keys: this.keys, cost: { mebibytes, passes: 1 } });
    const phc = (await hashing.hash(password, { kind: "new", group: "" })) ?? "";
    const made = { name: name as UserName, key: keyOfName(name), skeleton: "", password: phc };
    this.#create(made);
    return this.accounts.size;
  }

  auth(caller: Caller, params: object): Promise<Record<string, unknown>> {
    return this.#answer(handleAuth(this.#core, connection(caller), params));
  }

  register(caller: Caller, username: string, invite?: string): Promise<Record<string, unknown>> {
    const params = { username, password: "pw", ...(invite === undefined ? {} : { invite }) };
    return this.#answer(handleRegister(this.#core, connection(caller), params));
  }

  #create({ name, key, password }: Pick<NewAccount, "name" | "key" | "password">): "written" | "taken" {
    const id = this.accounts.size + 1;
    for (const { account } of this.accounts.values()) if (account.key === key) return "taken";
    const account = { id, publicId: `a${id}` as Account["publicId"], name, key: key };
    this.accounts.set(id, { account, password });
    return "written";
  }

  async #answer(outcome: unknown): Promise<Record<string, unknown>> {
    return { ...((await outcome) as object) };
  }
}

function connection(caller: Caller): Connection {
  return Object.assign(caller, { secure: caller.secure ?? true }) as unknown as Connection;
}
