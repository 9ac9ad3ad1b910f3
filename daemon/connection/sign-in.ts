// Reaching a server and opening the session there [P-4.1, P-4.10]; also asked for nothing but a new account.

import type { Pin } from "../../protocol/pin.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import type { ParamsOf } from "../../protocol/wire/declare.ts";
import { auth, register } from "../../protocol/wire/session.ts";
import type { ServerAddress } from "./server-address.ts";
import type { UntrustedKey, Connector, ConnectError } from "./connector.ts";
import { LineClient, NotAChatServer } from "./line-client.ts";
import { noAnswer, notAChatServer } from "./connect-errors.ts";

export type Credentials =
  { readonly user: string; readonly password: string } | { readonly user: string; readonly token: string };

/** Where this end takes direct connections [P-4.1]. */
export interface ListenerAddress {
  readonly port: number;
  /** The likeliest first. */
  readonly addresses: readonly string[];
}

/** What the server is told about this end. */
export interface Client {
  readonly device: string;
  /** Name and version of this program. */
  readonly name: string;
  /** The same object for as long as it is the same; undefined while it listens nowhere. */
  readonly announcement?: () => ListenerAddress | undefined;
  /** Takes direct connections, and opens its port once one is wanted. */
  readonly direct?: () => boolean;
}

/** What of this end may change while it is signed in. */
export interface Offer {
  readonly places: ListenerAddress | undefined;
  readonly direct: boolean;
}

export function offerOf({ announcement, direct }: Client): Offer {
  return { places: announcement?.(), direct: direct?.() === true };
}

export function isSameOffer(one: Offer | undefined, other: Offer): boolean {
  return one?.places === other.places && one?.direct === other.direct;
}

export interface SignedIn {
  readonly ok: true;
  /** Nothing behind the answer was read yet: call `start`. */
  readonly link: LineClient;
  /** As registered. */
  readonly user: string;
  /** The session's token, if the server gives any. */
  readonly token: string | undefined;
  /** What the server was told. */
  readonly announced: Offer;
}

/** `reached` is false where no chat server said no: trying again later may help. */
export type SignInRefusal = Failure & { readonly reached: boolean; readonly distrust?: UntrustedKey };

/** @param wanted as for `Door.open` */
export async function signInAt(
  connector: Connector,
  address: ServerAddress,
  credentials: Credentials,
  client: Client,
  wanted?: Pin,
): Promise<SignedIn | SignInRefusal> {
  const link = await connector.open(address, wanted);
  if (!(link instanceof LineClient)) return unreachable(link);
  const { user, ...secret } = credentials;
  const announced = offerOf(client);
  const params = authParams({ username: user, ...secret }, client, announced);
  const answer = await link.request(auth, params, { timeoutMs: limits.authenticationMs, holdAfter: true });
  if (!answer) return unreachable({ reason: await whyNoAnswer(link, address) });
  if (!answer.ok) {
    link.close();
    return { ...answer, reached: true };
  }
  return { ok: true, link, user: answer.value.username ?? user, token: answer.value.token, announced };
}

export function authParams(
  credentials: Pick<ParamsOf<typeof auth>, "username" | "password" | "token">,
  { device, name }: Client,
  { places, direct }: Offer,
): ParamsOf<typeof auth> {
  const named = places && { port: places.port, addresses: [...places.addresses] };
  return {
    ...credentials,
    device,
    client: name,
    ...(direct && { direct }),
    ...named,
    presence: true,
    acks: true,
    outcomes: true,
  };
}

/** @param wanted as for `Door.open` */
export async function registerAt(
  connector: Connector,
  address: ServerAddress,
  params: ParamsOf<typeof register>,
  wanted?: Pin,
): Promise<{ readonly ok: true } | Failure> {
  const link = await connector.open(address, wanted);
  if (!(link instanceof LineClient)) return failure("unavailable", link.reason);
  const answer = await link.request(register, params, { timeoutMs: limits.authenticationMs });
  if (!answer) return failure("unavailable", await whyNoAnswer(link, address));
  link.close();
  return answer.ok ? { ok: true } : answer;
}

/** The connection ended before the answer: by silence, or because something else than a chat server listens there. */
async function whyNoAnswer(link: LineClient, address: ServerAddress): Promise<string> {
  const error = await new Promise<Error | undefined>((resolve) => {
    link.start({ onPush: () => undefined, onClose: resolve });
  });
  return error === undefined || error instanceof NotAChatServer ? notAChatServer(address) : noAnswer(address);
}

function unreachable({ reason, distrust }: ConnectError): SignInRefusal {
  return { ...failure("unavailable", reason), reached: false, ...(distrust && { distrust }) };
}
