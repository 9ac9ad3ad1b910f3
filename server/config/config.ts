// The operator's settings: flags before environment before config file before defaults. Every source is checked in the same
// way. Anything unknown or out of range is refused with its name, never ignored.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { homeFolder } from "../../base/home/home.ts";
import type { Environment } from "../../base/home/home.ts";
import { logLevels } from "../../base/log.ts";
import type { LogLevel } from "../../base/log.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import { isInjected } from "./injected-variables.ts";
import { defaultConnectionLimits } from "../net/admission.ts";
import type { ConnectionLimits } from "../net/admission.ts";
import type { TlsFiles } from "../net/tls-identity.ts";
import { count, networks, passwordCost } from "./option-values.ts";
import { defaultPasswordCost } from "../storage/passwords.ts";
import type { PasswordCost } from "../storage/passwords.ts";
import { limits } from "../../protocol/limits.ts";
import { defaultPort } from "../../protocol/server-address.ts";

export interface ServerConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absolute path of the data folder. */
  readonly data: string;
  readonly registration: (typeof registrations)[number];
  /** Members may invite others where accounts are made by invitation [P-4.16]. */
  readonly membersInvite: boolean;
  readonly passwordCost: PasswordCost;
  /** Requests per second per session; 0: no limit [P-8.6]. */
  readonly rate: number;
  readonly connections: ConnectionLimits;
  /** Whether a loopback address means this machine: false behind a proxy or a tunnel that does not name its clients. */
  readonly trustLoopback: boolean;
  /** Addresses and networks whose connections begin with a PROXY header. */
  readonly proxies: readonly string[];
  /** Accept plain JSON from other machines too [P-1.8]. */
  readonly plain: boolean;
  /** Undefined: the server makes its own key. */
  readonly tls: TlsFiles | undefined;
  readonly classic: boolean;
  /** Port of health and metrics; 0: any free one, undefined: none. */
  readonly metricsPort: number | undefined;
  /** The host on which these listen. */
  readonly metricsHost: string;
  readonly logLevel: LogLevel;
}

/** Option names as in a config file; `--name` on the command line, CHAT_ROOM_SERVER_NAME in the environment. */
export const optionNames = [
  "host",
  "port",
  "data",
  "registration",
  "members-invite",
  "password-cost",
  "rate",
  "connections",
  "connections-per-minute",
  "limit-loopback",
  "trust-loopback",
  "proxies",
  "plain",
  "classic",
  "tls-cert",
  "tls-key",
  "metrics-port",
  "metrics-host",
  "log-level",
] as const;
export type OptionName = (typeof optionNames)[number];
/** Those that need no value on the command line. */
export const switches: ReadonlySet<string> = new Set([
  "plain",
  "classic",
  "limit-loopback",
  "trust-loopback",
  "members-invite",
]);

/** Its message is a sentence for the operator; the program exits with code 2. */
export class UsageError extends Error {}

/** Raw values by option name, from one source. */
export type Given = ReadonlyMap<string, unknown>;

/**
 * @param flags by name, from the command line
 * @throws UsageError
 */
export function readConfig(flags: Given, env: Environment): ServerConfig {
  const fromEnv = readEnvironment(env);
  const file = flags.get("config") ?? fromEnv.get("config");
  const sources: [string, Given][] = [
    ["--", flags],
    [envPrefix, fromEnv],
    ["config key ", file === undefined ? new Map<string, unknown>() : readFile(file)],
  ];
  const read = <T>(name: OptionName, parse: (value: unknown) => T | undefined, expected: string): T | undefined => {
    for (const [label, source] of sources) {
      if (!source.has(name)) continue;
      const value = parse(source.get(name));
      if (value === undefined) throw new UsageError(`${label}${spell(label, name)} must be ${expected}.`);
      return value;
    }
    return undefined;
  };
  const host = read("host", text, "an address to listen on") ?? "127.0.0.1";
  const [certificate, key] = [read("tls-cert", text, "a PEM file"), read("tls-key", text, "a PEM file")];
  if ((certificate === undefined) !== (key === undefined)) {
    throw new UsageError(
      "--tls-cert and --tls-key belong together: give both, or neither for a key of the server's own.",
    );
  }
  const trustLoopback = read("trust-loopback", yesOrNo, "true or false") ?? true;
  const proxies = read("proxies", networks, "IP addresses or networks such as 10.0.0.0/8, with commas between") ?? [];
  // Only this machine can connect.
  const isPrivate = isLoopback(host) && trustLoopback && proxies.length === 0;
  return {
    host,
    trustLoopback,
    proxies,
    plain: read("plain", yesOrNo, "true or false") ?? false,
    tls: certificate === undefined || key === undefined ? undefined : { certificate, key },
    port: read("port", portNumber, "a port from 0 to 65535") ?? defaultPort,
    data: resolve(read("data", text, "a folder") ?? join(homeFolder(env), "server")),
    registration: read("registration", registration, registrations.join(", ")) ?? (isPrivate ? "open" : "invite"),
    membersInvite: read("members-invite", yesOrNo, "true or false") ?? true,
    passwordCost: read("password-cost", passwordCost, "MiB,passes such as 46,1") ?? defaultPasswordCost,
    rate: read("rate", count, "a number of requests a second, or 0") ?? limits.requestsPerSecond,
    connections: {
      open: read("connections", count, "a number of connections, or 0") ?? defaultConnectionLimits.open,
      perMinute:
        read("connections-per-minute", count, "a number of connections, or 0") ?? defaultConnectionLimits.perMinute,
      loopback: read("limit-loopback", yesOrNo, "true or false") ?? defaultConnectionLimits.loopback,
    },
    classic: read("classic", yesOrNo, "true or false") ?? false,
    metricsPort: read("metrics-port", portNumber, "a port from 0 to 65535"),
    metricsHost: read("metrics-host", text, "an address to listen on") ?? "127.0.0.1",
    logLevel: read("log-level", logLevel, `one of ${logLevels.join(", ")}`) ?? "info",
  };
}

/** Reads the data folder alone, for the admin commands. @throws UsageError */
export function readDataFolder(flags: Given, env: Environment): string {
  const chosen = flags.get("data") ?? env[`${envPrefix}DATA`];
  if (chosen === undefined) return join(homeFolder(env), "server");
  const folder = text(chosen);
  if (folder === undefined) throw new UsageError("--data must be a folder.");
  return resolve(folder);
}

const envPrefix = "CHAT_ROOM_SERVER_";
const registrations = ["open", "invite", "closed"] as const;

function spell(label: string, name: string): string {
  return label === envPrefix ? name.toUpperCase().replaceAll("-", "_") : name;
}

function readEnvironment(env: Environment): Given {
  const given = new Map<string, unknown>();
  for (const [key, value] of Object.entries(env)) {
    if (!key.startsWith(envPrefix) || value === undefined) continue;
    const rest = key.slice(envPrefix.length);
    if (isInjected(rest, value)) continue;
    const name = rest.toLowerCase().replaceAll("_", "-");
    if (name !== "config" && !isOption(name)) throw new UsageError(`${key} is not an option. See --help.`);
    given.set(name, value);
  }
  return given;
}

function readFile(path: unknown): Given {
  if (typeof path !== "string" || path === "") throw new UsageError("--config must be a file.");
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`The config file ${path} cannot be read: ${String(error)}`, { cause: error });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`The config file ${path} must hold one JSON object.`);
  }
  const given = new Map<string, unknown>(Object.entries(parsed));
  for (const name of given.keys()) {
    if (!isOption(name)) throw new UsageError(`The config file ${path} has the unknown key "${name}". See --help.`);
  }
  return given;
}

function isOption(name: string): name is OptionName {
  return (optionNames as readonly string[]).includes(name);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function portNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= 65_535 ? number : undefined;
}

function yesOrNo(value: unknown): boolean | undefined {
  if (value === true || value === "true" || value === "1") return true;
  return value === false || value === "false" || value === "0" ? false : undefined;
}

function registration(value: unknown): ServerConfig["registration"] | undefined {
  return registrations.find((word) => word === value);
}

function logLevel(value: unknown): LogLevel | undefined {
  return logLevels.find((level) => level === value);
}
