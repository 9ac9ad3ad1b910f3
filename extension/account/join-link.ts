// An invitation as a link: `vscode://chat-room.chat-room/join?server=…&invite=…`, as `chat-room-server invite create` prints
// it, or the bare address of a server. Links come from anywhere, so everything in them is bounded and checked, and what a
// person should know about where it leads is said. Reading one does nothing.

import { canonicalIp } from "../../protocol/ip/canonical-ip.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import { t } from "../ui/l10n.ts";
import { hostOf, pinOf, serverComplaint } from "./sign-in-inputs.ts";

export interface Invitation {
  readonly server: string;
  readonly invite?: string;
}

export type InvitationRead = ({ readonly ok: true } & Invitation) | { readonly ok: false; readonly reason: string };

const maxLinkLength = 2_048;
const link = /^[a-z][a-z0-9+.-]*:\/\/chat-room\.chat-room\/join\/?\?([^#]*)$/i;
const inviteForm = /^[A-Za-z0-9_-]{4,256}$/;

/** What a person pasted, or another program gave. */
export function readInvitation(raw: string): InvitationRead {
  const text = raw.trim();
  if (text === "") return refused(t("Paste the invitation link that you were sent."));
  if (text.length > maxLinkLength) return refused(t("That is too long for an invitation link."));
  const query = link.exec(text)?.[1];
  if (query !== undefined) return readFields(new URLSearchParams(query));
  if (/^chat:\/\//i.test(text)) return readFields(new URLSearchParams({ server: text }));
  return refused(t("That is no invitation link. It looks like vscode://chat-room.chat-room/join?server=…&invite=…"));
}

/** The query of a link that VS Code opened, decoded already. */
export function readInvitationQuery(query: string): InvitationRead {
  if (query.length > maxLinkLength) return refused(t("That is too long for an invitation link."));
  const fields = new URLSearchParams();
  for (const part of query.split("&")) {
    const at = part.indexOf("=");
    if (at > 0) fields.append(part.slice(0, at), part.slice(at + 1));
  }
  return readFields(fields);
}

/** What to know before one says yes, the gravest first. @param current the server of the account in use */
export function cautionsOf({ server }: Invitation, current: string | undefined): string[] {
  const host = hostOf(server);
  const plain = plainHost(host);
  const cautions: string[] = [];
  if (plain !== host)
    cautions.push(t("The name of the host has letters that may imitate others. Its plain form is {0}.", plain));
  if (leadsHere(host)) {
    cautions.push(
      t("This address is this machine itself: right only if the server runs here, wrong in a link from somebody else."),
    );
  }
  if (pinOf(server) === undefined) {
    cautions.push(t("The link does not name the server’s key. You will be asked to compare it."));
  }
  if (current !== undefined && hostOf(current) !== host) {
    cautions.push(t("You use the server {0} now. Joining this one switches to it; your messages stay.", current));
  }
  return cautions;
}

function readFields(fields: URLSearchParams): InvitationRead {
  const servers = fields.getAll("server");
  const invites = fields.getAll("invite").filter((each) => each !== "");
  const [server] = servers;
  if (server === undefined) return refused(t("The link names no server. Ask for a new one."));
  if (servers.length > 1 || invites.length > 1) return refused(t("The link says something twice. Ask for a new one."));
  if (/[\p{Cc}\p{Cf}\s]/u.test(server) || serverComplaint(server) !== undefined || !isHost(hostOf(server))) {
    return refused(t("The link names no address of a server. Ask for a new one."));
  }
  const [invite] = invites;
  if (invite === undefined) return { ok: true, server };
  if (!inviteForm.test(invite)) return refused(t("The invitation in the link is damaged. Ask for a new one."));
  return { ok: true, server, invite };
}

/** No network takes letters that only look like its dots and strokes. */
function isHost(host: string): boolean {
  return host.startsWith("[") || URL.canParse(`http://${host}`);
}

function refused(reason: string): InvitationRead {
  return { ok: false, reason };
}

/** As the network would write it: letters beyond ASCII in their coded form. */
function plainHost(host: string): string {
  if (host.startsWith("[")) return host;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
}

/** In whatever spelling; a name below `localhost` and nobody's address lead here as well. */
function leadsHere(host: string): boolean {
  const plain = plainHost(host).replace(/\.+$/u, "");
  const ip = canonicalIp(plain.replace(/^\[|\]$/gu, "")) ?? plain;
  return isLoopback(ip) || plain.endsWith(".localhost") || ip.startsWith("0.") || ip === "::";
}
