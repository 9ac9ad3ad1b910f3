// accounts, switch: the accounts of this machine, and which one is in use.

import type { ResultOf } from "../../protocol/api/declare.ts";
import type { Account } from "../../protocol/api/model.ts";
import { accounts as accountsRequest, switchAccount } from "../../protocol/api/conversation.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { CliCommand } from "./command-context.ts";
import { plainName } from "../terminal/output.ts";

export const accounts: CliCommand = async ({ connect, output }) => {
  const daemon = await connect();
  const known = await daemon.request(accountsRequest, {});
  if (!known.ok) return output.refused(known);
  const lines = known.accounts.map(({ account, current, signedIn }) => {
    return `${current ? "*" : " "} ${addressOf(account)}${signedIn ? "" : " (asks for the password)"}`;
  });
  output.result(lines.length === 0 ? "No account was used here yet. Sign in: chat-room login" : lines.join("\n"), {
    accounts: known.accounts,
  });
  return 0;
};

export const switchCommand: CliCommand = async ({ connect, output, words }) => {
  const daemon = await connect();
  const known = await daemon.request(accountsRequest, {});
  if (!known.ok) return output.refused(known);
  const chosen = choose(known.accounts, words[0] ?? "");
  if ("code" in chosen) return output.refused(chosen);
  const { account, signedIn } = chosen;
  if (!signedIn) {
    const login = `chat-room login --server ${account.server} --user ${account.user}`;
    return output.refused(failure("not_authenticated", `${addressOf(account)} is not signed in any more: ${login}`));
  }
  const outcome = await daemon.request(switchAccount, { account });
  if (!outcome.ok) return output.refused(outcome);
  output.result(`${addressOf(outcome.account)} is in use.`, { account: outcome.account });
  return 0;
};

type Known = ResultOf<typeof accountsRequest>["accounts"][number];

/** @param given a user name, or USER@SERVER if several accounts have that name */
function choose(known: readonly Known[], given: string): Known | Failure {
  const wanted = keyOfName(given.trim());
  const isMeant = ({ account: { user, server } }: Known): boolean => {
    return [user, `${user}@${server}`].some((each) => keyOfName(each) === wanted);
  };
  const found = known.filter(isMeant);
  const [first] = found;
  if (!first) return failure("no_such_user", `${given} is no account of this machine. See chat-room accounts.`);
  if (found.length === 1) return first;
  const all = found.map(({ account }) => addressOf(account)).join(", ");
  return failure("bad_request", `Which one? ${all}`);
}

function addressOf({ user, server }: Account): string {
  return `${plainName(user)}@${plainName(server)}`;
}
