import assert from "node:assert/strict";
import { offerDaemonToTerminals } from "../../../../extension/daemon-client/terminals.ts";
import { daemonStatus } from "../../../../protocol/api/session.ts";
import { connectedSession, DaemonStandIn, settled } from "../stand-ins.ts";

describe("The terminals of a window", () => {
  const status = { session: connectedSession, pid: 7, version: "1", build: 1, windows: 1, outbox: 0, unread: 0 };

  async function told(home: string, homeId?: string) {
    const daemon = new DaemonStandIn();
    daemon.answer(daemonStatus, () => ({ ok: true, ...status, home, ...(homeId === undefined ? {} : { homeId }) }));
    const values = new Map<string, string>();
    let changes = 0;
    offerDaemonToTerminals(
      daemon,
      {
        get: (name) => {
          const value = values.get(name);
          return value === undefined ? undefined : { value };
        },
        replace: (name, value) => {
          changes += 1;
          values.set(name, value);
        },
      },
      "words",
    );
    await settled();
    return { daemon, values, changes: () => changes };
  }

  it("are told which daemon is the window's: where it listens and which one it is, and nothing that proves anything", async () => {
    const { values } = await told("/home/me/chat", "id-of-home");
    assert.deepEqual(Object.fromEntries(values), {
      CHAT_ROOM_SOCKET: "/home/me/chat/rendezvous.sock",
      CHAT_ROOM_SOCKET_ID: "id-of-home",
    });
    const windows = await told("C:\\Users\\me\\chat", "id");
    assert.equal(windows.values.get("CHAT_ROOM_SOCKET"), "C:\\Users\\me\\chat\\rendezvous.sock");
  });

  it("are not marked as outdated because the daemon was started anew", async () => {
    const { daemon, changes } = await told("/home/me/chat", "id");
    daemon.setLink({ state: "connecting" });
    daemon.setLink({ state: "connected" });
    await settled();
    assert.equal(changes(), 2);
  });

  it("are told nothing by a daemon of before", async () => {
    assert.equal((await told("/home/me/chat")).values.size, 0);
  });
});
