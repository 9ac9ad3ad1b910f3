// Connects to a server and opens the session there [P-4.1, P-4.10], or only creates an account.

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

/** Where this end accepts direct connections [P-4.1]. */
export interface ListenerAddress {
  readonly port: number;
  /** Most likely first. */
  readonly addresses: readonly string[];
}

/** What this end tells the server about itself. */
export interface Client {
  readonly device: string;
  /** Name and version of this program. */
  readonly name: string;
  /** Returns the same object until the address changes; undefined if this end is not listening. */
  readonly announcement?: () => ListenerAddress | undefined;
  /** Whether this end accepts direct connections; it opens its port once one is wanted. */
  readonly direct?: () => boolean;
}

/** The part that may change while this end is signed in. */
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
  /** Nothing after the answer has been read yet: call `start`. */
  readonly link: LineClient;
  /** Spelled as registered. */
  readonly user: string;
  /** The session's token, if the server issues one. */
  readonly token: string | undefined;
  /** What the server was told. */
  readonly announced: Offer;
}

/** `reached` is false if no chat server refused: trying again later may help. */
export type SignInRefusal = Failure & { readonly reached: boolean; readonly distrust?: UntrustedKey };

/** @param wanted as for `Connector.open` */
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

/** @param wanted as for `Connector.open` */
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

/**
 * Finds out why the connection ended before the answer: no response, or something other than a chat server listens there.
 */
async function whyNoAnswer(link: LineClient, address: ServerAddress): Promise<string> {
  const error = await new Promise<Error | undefined>((resolve) => {
    link.start({ onPush: () => undefined, onClose: resolve });
  });
  return error === undefined || error instanceof NotAChatServer ? notAChatServer(address) : noAnswer(address);
}

function unreachable({ reason, distrust }: ConnectError): SignInRefusal {
  return { ...failure("unavailable", reason), reached: false, ...(distrust && { distrust }) };
}
