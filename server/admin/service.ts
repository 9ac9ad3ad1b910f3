// Executes admin requests on the storage of the process that holds the data folder. Notifies the sessions of a running
// server, so that nobody continues with a password that was changed, or as an account that was removed.

import { limits } from "../../protocol/limits.ts";
import { nameComplaints } from "../../protocol/names.ts";
import { checkNewAccountName, looksLikeAnother } from "../core/names/new-name.ts";
import type { Account, Passwords } from "../core/ports.ts";
import type { NameRules } from "../storage/name-rules.ts";
import type { Store } from "../storage/store.ts";
import { refusal } from "./requests.ts";
import type { AdminAnswer, AdminRequest } from "./requests.ts";

/** The part of a running server that has to be notified; absent if no server runs. */
export interface SessionOwner {
  accountRemoved(account: number): void;
  /** The account's password was changed. */
  signedOut(account: number): void;
}

export interface AdminParts {
  readonly store: Store;
  readonly passwords: Pick<Passwords, "hash">;
  readonly names: NameRules;
  readonly sessions?: SessionOwner | undefined;
  /** The latest error of the disk, for the answer's sentence; undefined: see the log. */
  readonly trouble?: () => string | undefined;
}

const pageLength = 500;
const done: AdminAnswer = { ok: true };

export class AdminService {
  readonly #parts: AdminParts;

  constructor(parts: AdminParts) {
    this.#parts = parts;
  }

  async handle(request: AdminRequest): Promise<AdminAnswer> {
    const { ask, by } = request;
    const goesOn = ask === "listUsers" && request.after !== undefined;
    if (!goesOn) this.#parts.store.note({ event: "admin_asked", ask, by });
    switch (request.ask) {
      case "addUser":
        return await this.#addUser(request.name, request.password);
      case "changePassword":
        return await this.#changePassword(request.name, request.password);
      case "removeUser":
        return await this.#removeUser(request.name);
      case "listUsers":
        return this.#listUsers(request.after);
      case "createInvite":
        return await this.#createInvite(request.uses, request.lifeMs);
      case "listInvites":
        return await this.#listInvites();
      case "revokeInvite":
        return await this.#revokeInvite(request.name);
    }
  }

  async #addUser(raw: string, password: string): Promise<AdminAnswer> {
    const { store } = this.#parts;
    const check = checkNewAccountName(raw);
    if (!check.ok) return refusal(check.reason);
    const { name, key, skeletons } = check;
    const [skeleton] = skeletons;
    const taken = refusal(`There is a user "${name}" already.`);
    const looksAlike = refusal(nameComplaints.lookAlike);
    if (store.accounts.find(name)) return taken;
    if (looksLikeAnother(store.accounts, check)) return looksAlike;
    const hash = await this.#hash(password);
    if (typeof hash !== "string") return hash;
    switch (await store.accounts.createAs({ name, key, skeleton, password: hash }, "admin")) {
      case "written":
        return done;
      case "looks_alike":
        return looksAlike;
      case "taken":
      case "bad_invite":
        return taken;
      case "failed":
        return this.#failed();
    }
  }

  async #changePassword(raw: string, password: string): Promise<AdminAnswer> {
    const { store, sessions } = this.#parts;
    const account = store.accounts.find(raw);
    if (!account) return noSuchUser(raw);
    const hash = await this.#hash(password);
    if (typeof hash !== "string") return hash;
    const changed = await store.changePassword(account, hash);
    if (changed === true) sessions?.signedOut(account.id);
    return this.#answer(changed, account);
  }

  async #removeUser(raw: string): Promise<AdminAnswer> {
    const { store, sessions } = this.#parts;
    const account = store.accounts.find(raw);
    if (!account) return noSuchUser(raw);
    const removed = await store.removeAccount(account);
    if (removed === true) sessions?.accountRemoved(account.id);
    return this.#answer(removed, account);
  }

  #listUsers(after: string | undefined): AdminAnswer {
    const { accounts } = this.#parts.store;
    const afterKey = after === undefined ? "" : (accounts.find(after)?.key ?? this.#parts.names.keyOf(after));
    const names: string[] = [];
    for (const { name } of accounts.list("", afterKey)) {
      if (names.length === pageLength) return { ok: true, names, more: true };
      names.push(name);
    }
    return { ok: true, names };
  }

  async #createInvite(uses: number, lifeMs: number | undefined): Promise<AdminAnswer> {
    const code = await this.#parts.store.createInvite(uses, lifeMs);
    return code === "failed" ? this.#failed() : { ok: true, code };
  }

  async #listInvites(): Promise<AdminAnswer> {
    const invites = await this.#parts.store.listInvites();
    if (invites === "failed") return this.#failed();
    return {
      ok: true,
      invites: invites.map(({ leftMs, by, ...rest }) => ({
        ...rest,
        ...(leftMs !== undefined && { leftMs }),
        ...(by !== undefined && { by }),
      })),
    };
  }

  async #revokeInvite(name: string): Promise<AdminAnswer> {
    const revoked = await this.#parts.store.revokeInvite(name);
    if (revoked === "failed") return this.#failed();
    return revoked
      ? done
      : refusal("There is no such invitation. Give its code, or its id from: chat-room-server invite list");
  }

  /** @returns a PHC string, or a refusal if the password is not allowed or too many wait */
  async #hash(password: string): Promise<string | AdminAnswer> {
    if (password === "" || password.length > limits.maxPasswordLength) {
      return refusal(`A password has 1 to ${limits.maxPasswordLength} characters.`);
    }
    const hash = await this.#parts.passwords.hash(password, { kind: "known", group: "admin" });
    return hash ?? refusal("The server has too many passwords to look at. Try again in a moment.");
  }

  #answer(outcome: boolean | "failed", account: Account): AdminAnswer {
    if (outcome === "failed") return this.#failed();
    return outcome ? done : noSuchUser(account.name);
  }

  #failed(): AdminAnswer {
    const trouble = this.#parts.trouble?.();
    const why = trouble === undefined ? "The server's log says why" : trouble;
    return refusal(`Nothing was changed: it could not be written to the disk (${why}). Try again, or make room.`);
  }
}

function noSuchUser(raw: string): AdminAnswer {
  return refusal(`There is no user "${raw}". See: chat-room-server user list`);
}
