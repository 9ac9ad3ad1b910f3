// The states of the protocol in which a fault can strike: on whose connection, and at which line; or, if the TLS is left
// alone, at which record.

import type { Trap, Way } from "./proxy.ts";

export interface ProtocolState {
  readonly name: string;
  /** Whose connection is struck: the writer's or the recipient's. */
  readonly victim: "writer" | "recipient";
  /** How it is brought about; `talk` needs only messages both ways. */
  readonly scene: "reconnect" | "idle" | "talk" | "drain" | "logout";
  /** Creates a new one for every use, because it may count. */
  trap(): Trap["springs"];
}

export const states: readonly ProtocolState[] = [
  state("connecting", "writer", "reconnect", (_way, line) => line === ""),
  state("authenticating", "writer", "reconnect", (way, line) => way === "up" && line.includes('"type":"auth"')),
  state("idle", "recipient", "idle", () => false),
  state("message in flight", "writer", "talk", (way, line) => way === "up" && isMessage(line)),
  state("answer in flight", "writer", "talk", (way, line) => way === "down" && line.includes('"delivery"')),
  state("push in flight", "recipient", "talk", (way, line) => way === "down" && isMessage(line)),
  { name: "acknowledgement in flight", victim: "recipient", scene: "talk", trap: acknowledgement },
  { name: "mailbox drain", victim: "recipient", scene: "drain", trap: thirdPush },
  state("logout", "writer", "logout", (way, line) => way === "up" && line.includes('"type":"logout"')),
];

/** States that can be recognized from outside. */
export const recordStates: readonly ProtocolState[] = [
  state("connecting", "writer", "reconnect", (_way, record) => record === ""),
  state(
    "first flight of the handshake",
    "writer",
    "reconnect",
    (way, record) => way === "up" && record === "handshake",
  ),
  state("handshake", "writer", "reconnect", isServerHello),
  { name: "authenticating", victim: "writer", scene: "reconnect", trap: authenticated },
  state("idle", "recipient", "idle", () => false),
  state("record towards the server", "writer", "talk", (way, record) => way === "up" && record === "data"),
  state("record towards the client", "recipient", "talk", (way, record) => way === "down" && record === "data"),
];

function state(
  name: string,
  victim: ProtocolState["victim"],
  scene: ProtocolState["scene"],
  springs: Trap["springs"],
): ProtocolState {
  return { name, victim, scene, trap: () => springs };
}

/** A client that loses the rest of a handshake may learn that only from its deadline [P-8.1]. */
function isServerHello(way: Way, record: string): boolean {
  return way === "down" && record === "handshake";
}

function isMessage(line: string): boolean {
  return line.includes('"type":"message"');
}

/** The first answer of the client after a message was pushed to it. */
function acknowledgement(): Trap["springs"] {
  let pushed = false;
  return (way: Way, line: string) => {
    if (way === "down" && isMessage(line)) pushed = true;
    return pushed && way === "up" && line.includes('"result":"ok"') && !line.includes('"type"');
  };
}

function thirdPush(): Trap["springs"] {
  let pushes = 0;
  return (way: Way, line: string) => {
    if (way === "down" && isMessage(line)) pushes += 1;
    return pushes === 3;
  };
}

/**
 * The server sends nothing between the end of the handshake and its answer to `auth`: there are no session tickets [P-1.7].
 */
function authenticated(): Trap["springs"] {
  let shaken = false;
  return (way: Way, record: string) => {
    if (record === "") shaken = false;
    else if (way === "up" && record === "data") shaken = true;
    return shaken && way === "down";
  };
}
