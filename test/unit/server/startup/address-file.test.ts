import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import {
  addressAdvice,
  chatAddress,
  writeAddressFile,
  readChatAddress,
} from "../../../../server/startup/address-file.ts";
import { joinLink } from "../../../../protocol/join-link.ts";
import { inContainer } from "../../../../server/startup/container.ts";

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

  describe("in the data folder", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "chat-room-address-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    const left = (address: string, contained = false): string | undefined => {
      writeAddressFile(folder, { address, port: 1, pin: "p" }, contained);
      return readChatAddress(folder);
    };

    it("is that at which the server listens, with the machine's name where that is everywhere", () => {
      assert.equal(readChatAddress(folder), undefined);
      assert.equal(left("0.0.0.0"), `chat://${hostname()}:1#p`);
      assert.equal(left("::"), `chat://${hostname()}:1#p`);
      assert.equal(left("192.0.2.1"), "chat://192.0.2.1:1#p");
      assert.equal(statSync(join(folder, "address")).mode & 0o077, 0);
    });

    it("is none in a container that listens everywhere, and the advice says what to write instead", () => {
      assert.equal(left("0.0.0.0", true), undefined);
      assert.match(addressAdvice(folder), /Put the name.*in the place of NAME.*--server 'chat:\/\/NAME:1#p'$/);
      assert.equal(left("192.0.2.1", true), "chat://192.0.2.1:1#p");
    });
  });

  it("knows a container by what Docker, Podman and Kubernetes leave in it", () => {
    const no = (): boolean => false;
    assert.equal(inContainer({}, no), false);
    assert.ok(inContainer({ container: "podman" }, no));
    assert.ok(inContainer({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, no));
    for (const mark of ["/.dockerenv", "/run/.containerenv"]) assert.ok(inContainer({}, (path) => path === mark));
  });
});
