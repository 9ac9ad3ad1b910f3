import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readArguments } from "../../../server/arguments.ts";
import { readConfig, readDataFolder, UsageError } from "../../../server/config.ts";
import type { Given } from "../../../server/config.ts";

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
      plain: false,
      classic: false,
      logLevel: "info",
    });
  });

  it("close registration by default where others than this machine can connect", () => {
    const { registration, host } = readConfig(flags({ host: "0.0.0.0", plain: true }), home);
    assert.deepEqual([registration, host], ["closed", "0.0.0.0"]);
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
    assert.match(refusal({ registration: "invite" }), /invitations do not exist/);
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

  it("do not let an address beyond this machine be served in the clear by accident [P-1.4]", () => {
    for (const host of ["0.0.0.0", "::", "192.168.1.1", "chat.example.com", "127.0.0.1.example.com"]) {
      assert.match(refusal({ host }), /--plain/);
      assert.equal(refusal({ host, plain: true }), "");
    }
    for (const host of ["127.0.0.1", "127.1.2.3", "::1", "localhost"]) assert.equal(refusal({ host }), "");
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
