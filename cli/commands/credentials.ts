// Credentials for signing in: from options, the standard input, or prompts. No option takes a password, because arguments
// are visible to others on this machine. An invitation can be kept out of them too.

import type { Context } from "./command-context.ts";
import type { Terminal } from "../terminal/prompt.ts";

export interface Credentials {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly invite: string | undefined;
}

type Secrets = Pick<Credentials, "password" | "invite">;

const maxInviteLength = 256;
const twoLines = "the password on the first line, the invitation on the second";

/** @returns a text that says what is missing, if nobody can be asked */
export async function askCredentials(
  { options, terminal }: Pick<Context, "options" | "terminal">,
  server: string,
  user: string | undefined,
): Promise<Credentials | string> {
  const canAsk = terminal.interactive && !options.passwordStdin;
  if (!options.passwordStdin && !canAsk) {
    return options.inviteStdin
      ? `Give the password too where there is no terminal, with --password-stdin: ${twoLines}.`
      : "Give the password with --password-stdin where there is no terminal.";
  }
  const chosenServer = options.server ?? (canAsk ? await terminal.ask(`Server [${server}]: `) : "");
  const hint = user === undefined ? "" : ` [${user}]`;
  const chosenUser = (options.user ?? (canAsk ? await terminal.ask(`User${hint}: `) : "")) || user;
  if (chosenUser === undefined) return "Give the user name with --user.";
  const secrets = canAsk ? await askSecrets(terminal, options) : await readSecrets(terminal, options);
  if (typeof secrets === "string") return secrets;
  if (secrets.password === "") return "The password is empty.";
  const { password, invite = options.invite } = secrets;
  if (invite !== undefined && invite.length > maxInviteLength) {
    return "That is too long for an invitation. Give its code alone.";
  }
  return { server: chosenServer === "" ? server : chosenServer, user: chosenUser, password, invite };
}

async function askSecrets(terminal: Terminal, { inviteStdin }: Context["options"]): Promise<Secrets> {
  const password = await terminal.askSecret("Password: ");
  return { password, invite: inviteStdin ? await terminal.ask("Invitation: ") : undefined };
}

async function readSecrets(terminal: Terminal, { inviteStdin }: Context["options"]): Promise<Secrets | string> {
  const all = await terminal.readAll();
  if (all === undefined) return `The ${inviteStdin ? "standard input" : "password"} is not UTF-8.`;
  if (!inviteStdin) return { password: all, invite: undefined };
  const [password = "", invite = "", ...more] = all.split(/\r?\n/);
  if (invite.trim() === "" || more.length > 0) return `Give two lines: ${twoLines}.`;
  return { password, invite: invite.trim() };
}
