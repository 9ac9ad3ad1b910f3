import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readArguments } from "../../../../server/config/flags.ts";
import { readConfig, readDataFolder, UsageError } from "../../../../server/config/config.ts";
import type { Given } from "../../../../server/config/config.ts";

const none: Given = new Map();
const home = { CHAT_ROOM_HOME: "/home/of/tests" };
const flags = (given: Record<string, unknown>): Given => new Map(Object.entries(given));
const refusal = (given: Record<string, unknown>, env: Record<string, string> = {}): string => {
  try {
    readConfig(flags(given), { ...home, ...env });
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return "";
};

describe("the server's options", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-config-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(content: unknown): string {
    const path = join(folder, "config.json");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  it("have defaults: loopback, open registration, a folder of the person's own", () => {
    assert.deepEqual(readConfig(none, home), {
      host: "127.0.0.1",
      port: 8_765,
      data: "/home/of/tests/server",
      registration: "open",
      membersInvite: true,
      passwordCost: { mebibytes: 46, passes: 1 },
      rate: 20,
      connections: { open: 512, perMinute: 1_024, loopback: false },
      trustLoopback: true,
      proxies: [],
      plain: false,
      tls: undefined,
      classic: false,
      metricsPort: undefined,
      metricsHost: "127.0.0.1",
      logLevel: "info",
    });
  });

  it("ask for an invitation by default where others than this machine can connect", () => {
    const { registration, host } = readConfig(flags({ host: "0.0.0.0", plain: true }), home);
    assert.deepEqual([registration, host], ["invite", "0.0.0.0"]);
  });

  it("ask for an invitation too where a loopback address may be anybody", () => {
    for (const given of [{ "trust-loopback": "false" }, { proxies: "127.0.0.1" }]) {
      assert.equal(readConfig(flags(given), home).registration, "invite");
    }
    assert.equal(readConfig(flags({ "trust-loopback": true }), home).registration, "open");
  });

  it("name proxies by address or network, as a text or a list", () => {
    const expected = ["192.0.2.1", "10.0.0.0/8", "fd00::/8"];
    assert.deepEqual(readConfig(flags({ proxies: "192.0.2.1, 10.0.0.0/8,fd00::/8" }), home).proxies, expected);
    assert.deepEqual(readConfig(flags({ config: file({ proxies: expected }) }), home).proxies, expected);
    for (const wrong of ["", "proxy.example", "10.0.0.0/33", "192.0.2.1,", [1], {}]) {
      assert.match(refusal({ config: file({ proxies: wrong }) }), /^config key proxies must be IP addresses/);
    }
  });

  describe("in a pod of Kubernetes", () => {
    const injected = {
      CHAT_ROOM_SERVER_SERVICE_HOST: "10.0.0.7",
      CHAT_ROOM_SERVER_SERVICE_PORT: "8765",
      CHAT_ROOM_SERVER_SERVICE_PORT_CHAT_1: "8765",
      CHAT_ROOM_SERVER_PORT: "tcp://10.0.0.7:8765",
      CHAT_ROOM_SERVER_PORT_8765_TCP: "tcp://10.0.0.7:8765",
      CHAT_ROOM_SERVER_PORT_8765_TCP_PROTO: "tcp",
      CHAT_ROOM_SERVER_PORT_8765_TCP_PORT: "8765",
      CHAT_ROOM_SERVER_PORT_8765_TCP_ADDR: "10.0.0.7",
      CHAT_ROOM_SERVER_METRICS_SERVICE_HOST: "10.0.0.8",
      CHAT_ROOM_SERVER_METRICS_PORT: "tcp://10.0.0.8:9765",
      CHAT_ROOM_SERVER_METRICS_PORT_9765_UDP_ADDR: "10.0.0.8",
    };

    it("do not come from the variables of a Service of this name, or of one that begins alike", () => {
      const read = readConfig(none, { ...home, ...injected });
      assert.deepEqual([read.port, read.metricsPort], [8_765, undefined]);
    });

    it("come from variables that look alike and are ours", () => {
      const ours = { CHAT_ROOM_SERVER_PORT: "9000", CHAT_ROOM_SERVER_METRICS_PORT: "9001" };
      const read = readConfig(none, { ...home, ...injected, ...ours });
      assert.deepEqual([read.port, read.metricsPort], [9_000, 9_001]);
      for (const [name, value] of [
        ["CHAT_ROOM_SERVER_SERVICE", "x"],
        ["CHAT_ROOM_SERVER_PORT_8765", "x"],
        ["CHAT_ROOM_SERVER_PORTS", "tcp://10.0.0.7:8765"],
        ["CHAT_ROOM_SERVER_PORT", "http://10.0.0.7:8765"],
        ["CHAT_ROOM_SERVER_HOST_PORT", "1"],
      ] as const) {
        assert.match(refusal({}, { [name]: value }), new RegExp(`^${name} (?:is not an option|must be)`), name);
      }
    });
  });

  it("come from flags, then the environment, then the config file", () => {
    const config = file({ port: 1, "log-level": "error", classic: true, host: "::1" });
    const env = {
      ...home,
      CHAT_ROOM_SERVER_CONFIG: config,
      CHAT_ROOM_SERVER_PORT: "2",
      CHAT_ROOM_SERVER_CLASSIC: "false",
    };
    const read = readConfig(flags({ port: "3" }), env);
    assert.deepEqual([read.port, read.classic, read.logLevel, read.host], [3, false, "error", "::1"]);
    assert.equal(readConfig(none, env).port, 2);
  });

  it("are refused by name where a value is wrong, in every source", () => {
    assert.match(refusal({ port: "x" }), /^--port must be/);
    assert.match(refusal({}, { CHAT_ROOM_SERVER_LOG_LEVEL: "loud" }), /^CHAT_ROOM_SERVER_LOG_LEVEL must be/);
    assert.match(refusal({ config: file({ classic: "perhaps" }) }), /^config key classic must be/);
    assert.match(refusal({ registration: "sometimes" }), /^--registration must be open, invite, closed/);
    for (const cost of ["46", "1,1", "46,0"])
      assert.match(refusal({ "password-cost": cost }), /^--password-cost must be/);
    for (const name of ["rate", "connections", "connections-per-minute"]) {
      assert.match(refusal({ [name]: "-1" }), new RegExp(`^--${name} must be`));
      assert.match(refusal({ config: file({ [name]: "many" }) }), new RegExp(`^config key ${name} must be`));
    }
    for (const port of ["-1", "65536", "1.5", "", " 1", 1.5, null]) assert.match(refusal({ port }), /--port/);
  });

  it("are refused by name where a key is unknown", () => {
    assert.match(refusal({ config: file({ colour: 1 }) }), /"colour"/);
    assert.match(refusal({ config: file({ config: "x" }) }), /"config"/);
    assert.match(refusal({}, { CHAT_ROOM_SERVER_COLOUR: "1" }), /CHAT_ROOM_SERVER_COLOUR/);
  });

  it("are refused where the config file is missing, no JSON, or no object", () => {
    assert.match(refusal({ config: join(folder, "missing") }), /missing/);
    assert.match(refusal({ config: file("{") }), /cannot be read/);
    assert.match(refusal({ config: file([]) }), /one JSON object/);
  });

  it("take plain JSON from other machines only where that is said [P-1.8]", () => {
    for (const host of ["0.0.0.0", "127.0.0.1"]) assert.equal(readConfig(flags({ host }), home).plain, false);
    assert.equal(readConfig(flags({ host: "0.0.0.0", plain: true }), home).plain, true);
  });

  it("take a certificate with its key, and neither alone [P-1.7]", () => {
    for (const name of ["tls-cert", "tls-key"]) assert.match(refusal({ [name]: "x.pem" }), /--tls-cert and --tls-key/);
    const { tls } = readConfig(flags({ "tls-cert": "c.pem", "tls-key": "k.pem" }), home);
    assert.deepEqual(tls, { certificate: "c.pem", key: "k.pem" });
  });

  it("open a port for metrics only where one is named", () => {
    assert.equal(readConfig(flags({ "metrics-port": "0" }), home).metricsPort, 0);
    assert.match(refusal({ "metrics-port": "on" }), /^--metrics-port must be/);
    assert.equal(readConfig(flags({ "metrics-host": "0.0.0.0" }), home).metricsHost, "0.0.0.0");
  });

  it("name the data folder for the admin commands too", () => {
    assert.equal(readDataFolder(flags({ data: "/a" }), { ...home, CHAT_ROOM_SERVER_DATA: "/b" }), "/a");
    assert.equal(readDataFolder(none, { ...home, CHAT_ROOM_SERVER_DATA: "/b" }), "/b");
    assert.equal(readDataFolder(none, home), "/home/of/tests/server");
  });
});

describe("the command line", () => {
  const read = (...argv: string[]) => readArguments(argv, ["data"], ["plain"]);

  it("takes --flag value, --flag=value and bare switches between words", () => {
    const { words, flags: found } = read("user", "--data", "/d", "add", "--plain", "alice");
    assert.deepEqual(words, ["user", "add", "alice"]);
    assert.deepEqual(
      [...found],
      [
        ["data", "/d"],
        ["plain", true],
      ],
    );
    assert.deepEqual(
      [...read("--data=a=b", "--plain=false").flags],
      [
        ["data", "a=b"],
        ["plain", "false"],
      ],
    );
  });

  it("refuses unknown, doubled and unfinished flags", () => {
    for (const argv of [["--what"], ["-p"], ["--plain", "--plain"], ["--data"]]) {
      assert.throws(() => read(...argv), UsageError);
    }
  });
});
