// The commands `user add|passwd|remove|list`. The password is never taken from an argument.

import type { Environment } from "../../base/home/home.ts";
import { print } from "../../base/print.ts";
import { withoutHidden } from "../../protocol/text/hidden-characters.ts";
import { limits } from "../../protocol/limits.ts";
import { readConfig, readDataFolder, UsageError } from "../config/config.ts";
import type { Given } from "../config/config.ts";
import { withCaller } from "./call.ts";
import type { Asked, Caller } from "./call.ts";
import { CommandFailure } from "./command-failure.ts";
import { askPassword, readPassword } from "./password.ts";

const flagsOfAll = ["data"];
const flagsWithPassword = [...flagsOfAll, "password-stdin", "password-cost", "config"];

/** @throws UsageError, CommandFailure */
export async function runUserCommand(words: readonly string[], flags: Given, env: Environment): Promise<void> {
  const [action, name, ...rest] = words;
  const asksPassword = action === "add" || action === "passwd";
  for (const flag of flags.keys()) {
    if (!(asksPassword ? flagsWithPassword : [...flagsOfAll, "password-stdin"]).includes(flag)) {
      throw new UsageError(`--${flag} is not an option of user${action === undefined ? "" : ` ${action}`}.`);
    }
  }
  const folder = readDataFolder(flags, env);
  const cost = () => readConfig(without(flags, "password-stdin"), env).passwordCost;
  const call = (work: (caller: Caller) => Promise<unknown>) => withCaller(folder, cost, work);
  if (action === "list" && name === undefined) {
    await call(list);
    return;
  }
  if (!asksPassword && action !== "remove") {
    throw new UsageError("Say what to do: user add NAME, user passwd NAME, user remove NAME, or user list.");
  }
  if (name === undefined || rest.length > 0) throw new UsageError(`Say for whom: user ${action} NAME.`);
  const request = action === "remove" ? removal(name) : await withPassword(action, name, flags);
  await call((caller) => caller.ask(request));
}

function removal(name: string): Asked {
  return { ask: "removeUser", name };
}

async function withPassword(action: "add" | "passwd", name: string, flags: Given): Promise<Asked> {
  const password = await (flags.has("password-stdin") ? readPassword(process.stdin) : askPassword(name));
  if (password === "" || password.length > limits.maxPasswordLength) {
    throw new CommandFailure(`A password has 1 to ${limits.maxPasswordLength} characters.`);
  }
  return { ask: action === "add" ? "addUser" : "changePassword", name, password };
}

async function list(caller: Caller): Promise<void> {
  for (let after: string | undefined, more = true; more;) {
    const page = await caller.ask({ ask: "listUsers", ...(after === undefined ? {} : { after }) });
    await print((page.names ?? []).map((name) => `${withoutHidden(name, "\u{fffd}")}\n`).join(""));
    after = page.names?.at(-1);
    more = page.more === true;
  }
}

function without(flags: Given, name: string): Given {
  return new Map([...flags].filter(([flag]) => flag !== name));
}
