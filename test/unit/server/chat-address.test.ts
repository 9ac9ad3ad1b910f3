import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { chatAddress, joinLink, leaveChatAddress, readChatAddress } from "../../../server/chat-address.ts";

describe("the address that people enter", () => {
  it("has the pin behind it, and brackets around IPv6", () => {
    assert.equal(chatAddress({ address: "192.0.2.1", port: 1, pin: "p" }), "chat://192.0.2.1:1#p");
    assert.equal(chatAddress({ address: "::1", port: 1, pin: "p" }), "chat://[::1]:1#p");
  });

  it("comes back whole out of a join link", () => {
    const link = new URL(joinLink("chat://[::1]:1#a+b/c=", "code"));
    assert.equal(`${link.protocol}//${link.host}${link.pathname}`, "vscode://chat-room.chat-room/join");
    assert.equal(link.searchParams.get("server"), "chat://[::1]:1#a+b/c=");
    assert.equal(link.searchParams.get("invite"), "code");
  });

  it("is left in the data folder, with the machine's name where the server listens everywhere", () => {
    const folder = mkdtempSync(join(tmpdir(), "chat-room-address-"));
    try {
      assert.equal(readChatAddress(folder), undefined);
      leaveChatAddress(folder, { address: "0.0.0.0", port: 1, pin: "p" });
      assert.equal(readChatAddress(folder), `chat://${hostname()}:1#p`);
      assert.equal(statSync(join(folder, "address")).mode & 0o077, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
