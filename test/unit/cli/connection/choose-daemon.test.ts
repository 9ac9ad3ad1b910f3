import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { publishHolder } from "../../../../base/rendezvous/files.ts";
import { chooseDaemon } from "../../../../cli/connection/choose-daemon.ts";
import { homeIdOf } from "../../../../base/home/device.ts";
import { Identity } from "../../../../daemon/identity/installation.ts";

describe("whose daemon the command line talks to", () => {
  let home: string;
  let id: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "chat-room-whose-"));
    id = homeIdOf(new Identity(home).device());
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const inWindow = (added: Record<string, string> = {}) =>
    chooseDaemon({ CHAT_ROOM_SOCKET: join(home, "rendezvous.sock"), CHAT_ROOM_SOCKET_ID: id, ...added });

  it("is this person's own outside of an editor, or where they name a home", () => {
    assert.deepEqual(
      chooseDaemon({ XDG_STATE_HOME: tmpdir(), CHAT_ROOM_SOCKET: "" }),
      chooseDaemon({ XDG_STATE_HOME: tmpdir() }),
    );
    assert.deepEqual(inWindow({ CHAT_ROOM_HOME: "/chosen" }), { home: "/chosen", mayStart: true });
  });

  it("is that of the window in its terminals, started where its home is this machine's", () => {
    const address = join(home, "rendezvous.sock");
    assert.deepEqual(inWindow(), { home, address, id, mayStart: true });
    publishHolder(home, { pid: 1, host: hostname() });
    assert.deepEqual(inWindow(), { home, address, id, mayStart: true });
  });

  it("is never started where it may be another machine's: one that holds it, another home of the same path, a forward", () => {
    const mayStart = (env: Record<string, string>): boolean | undefined => {
      const whose = inWindow(env);
      return "reason" in whose ? undefined : whose.mayStart;
    };
    assert.equal(mayStart({ CHAT_ROOM_SOCKET_ID: "another home" }), false);
    assert.equal(mayStart({ CHAT_ROOM_SOCKET_ID: "" }), false);
    publishHolder(home, { pid: 1, host: "another.example" });
    assert.equal(mayStart({}), false);
  });

  it("is none where that of the window cannot be here: a sentence says why nothing is started", () => {
    for (const away of [
      "/nowhere/at/all/rendezvous.sock",
      "C:\\Users\\me\\AppData\\Local\\chat-room\\rendezvous.sock",
    ]) {
      const whose = inWindow({ CHAT_ROOM_SOCKET: away });
      assert.ok("reason" in whose);
      assert.match(
        whose.reason,
        /belongs to a window whose Chat Room daemon cannot be reached from here .*forward the socket/,
      );
    }
  });
});
