// Reasons why a server cannot be used. Each text says what to do.

import type { ServerAddress } from "./server-address.ts";

export function connectTrouble(address: ServerAddress, error: Error | undefined): string {
  const code = error !== undefined && "code" in error ? error.code : undefined;
  switch (code) {
    case "ECONNREFUSED":
      return `Nothing listens at ${address.text}. Is the server running?`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The name ${address.host} cannot be found. Check the spelling and the network.`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return `${address.text} cannot be reached. Check the network.`;
    default:
      return `The connection to ${address.text} failed${error ? `: ${error.message}` : ""}.`;
  }
}

export function noAnswer(address: ServerAddress): string {
  return `${address.text} does not answer. Check the address, or try again later.`;
}

export function notAChatServer(address: ServerAddress): string {
  return `What listens at ${address.text} is not a chat server. Check the address.`;
}

export function noTls(address: ServerAddress): string {
  return (
    `What listens at ${address.text} does not speak TLS 1.3: it is not a chat server, or one of an older version. Check ` +
    "the address, or update the server."
  );
}

export function connectionLost(address: ServerAddress): string {
  return `The connection to ${address.text} was lost.`;
}

export function sessionEnded(address: ServerAddress): string {
  return `The session at ${address.text} has ended. Sign in again.`;
}

export function takenAgain(address: ServerAddress): string {
  return (
    `Another daemon that has the key of this device takes the session at ${address.text} over again and again: the folder ` +
    "of its files was copied, or is in use on two machines. End one of the two, then sign in here again."
  );
}

export function sessionLapsed(address: ServerAddress): string {
  return `The session at ${address.text} was silent for too long and is opened again.`;
}
