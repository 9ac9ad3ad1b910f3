// Reaching a server and opening the session there [P-4.1, P-4.10]; also asked for nothing but a new account.

import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import type { ParamsOf } from "../../protocol/messages/declare.ts";
import { auth, register } from "../../protocol/messages/session.ts";
import type { ServerAddress } from "./address.ts";
import { LineClient, NotAChatServer } from "./line-client.ts";
import { connectTrouble, noAnswer, notAChatServer } from "./trouble.ts";

export type Credentials =
  { readonly user: string; readonly password: string } | { readonly user: string; readonly token: string };

/** What the server is told about this end. */
export interface Client {
  readonly device: string;
  /** Name and version of this program. */
  readonly name: string;
}

export interface SignedIn {
  readonly ok: true;
  /** Nothing behind the answer was read yet: call `start`. */
  readonly link: LineClient;
  /** As registered. */
  readonly user: string;
  /** The session's token, if the server gives any. */
  readonly token: string | undefined;
}

/** `reached` is false where no chat server said no: trying again later may help. */
export type SignInRefusal = Failure & { readonly reached: boolean };

export async function signInAt(
  address: ServerAddress,
  credentials: Credentials,
  client: Client,
  clock: Clock,
): Promise<SignedIn | SignInRefusal> {
  const link = await dial(address, clock);
  if (!(link instanceof LineClient)) return unreachable(link.reason);
  const { user, ...secret } = credentials;
  const answer = await link.request(
    auth,
    { username: user, ...secret, device: client.device, client: client.name, presence: true, acks: true },
    { timeoutMs: limits.authenticationMs, holdAfter: true },
  );
  if (!answer) return unreachable(await whyNoAnswer(link, address));
  if (!answer.ok) {
    link.close();
    return { ...answer, reached: true };
  }
  return { ok: true, link, user: answer.value.username ?? user, token: answer.value.token };
}

export async function registerAt(
  address: ServerAddress,
  params: ParamsOf<typeof register>,
  clock: Clock,
): Promise<{ readonly ok: true } | Failure> {
  const link = await dial(address, clock);
  if (!(link instanceof LineClient)) return failure("unavailable", link.reason);
  const answer = await link.request(register, params, { timeoutMs: limits.authenticationMs });
  if (!answer) return failure("unavailable", await whyNoAnswer(link, address));
  link.close();
  return answer.ok ? { ok: true } : answer;
}

async function dial(address: ServerAddress, clock: Clock): Promise<LineClient | { readonly reason: string }> {
  const socket = connect({ host: address.host, port: address.port, noDelay: true, autoSelectFamily: true });
  const trouble = await connected(socket, address, clock);
  if (trouble === undefined) return new LineClient(socket, clock);
  socket.destroy();
  return { reason: trouble };
}

async function connected(socket: Socket, address: ServerAddress, clock: Clock): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const deadline = clock.setTimer(limits.authenticationMs, () => resolve(noAnswer(address)));
    const failed = (error: Error): void => {
      deadline.dispose();
      resolve(connectTrouble(address, error));
    };
    socket.once("error", failed).once("connect", () => {
      deadline.dispose();
      socket.off("error", failed);
      resolve(undefined);
    });
  });
}

/** The connection ended before the answer: by silence, or because something else than a chat server listens there. */
async function whyNoAnswer(link: LineClient, address: ServerAddress): Promise<string> {
  const error = await new Promise<Error | undefined>((resolve) => {
    link.start({ onPush: () => undefined, onClose: resolve });
  });
  return error === undefined || error instanceof NotAChatServer ? notAChatServer(address) : noAnswer(address);
}

function unreachable(reason: string): SignInRefusal {
  return { ...failure("unavailable", reason), reached: false };
}
