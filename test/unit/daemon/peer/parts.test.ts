import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { NetworkInterfaceInfo } from "node:os";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { candidateAddresses, chosenAddresses } from "../../../../daemon/peer/local-addresses.ts";
import { KeyBook } from "../../../../daemon/peer/key-book.ts";
import { dialAddressesOf } from "../../../../daemon/peer/dial-addresses.ts";
import { SettingsFile } from "../../../../daemon/peer/direct-settings.ts";
import { personOf } from "../../../../daemon/peer/direct-deps.ts";
import type { Person } from "../../../../daemon/peer/direct-deps.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import type { Pin } from "../../../../protocol/pin.ts";

const info = (address: string, internal = false): NetworkInterfaceInfo => {
  const rest = { address, netmask: "", mac: "", internal, cidr: null };
  return address.includes(":") ? { ...rest, family: "IPv6", scopeid: 0 } : { ...rest, family: "IPv4" };
};

describe("the addresses that a daemon names", () => {
  const found = {
    lo: [info("127.0.0.1", true), info("::1", true)],
    eth0: [info("fe80::1"), info("fd00::7"), info("10.0.0.7")],
    tun0: [info("100.64.0.2"), info("169.254.1.1")],
  };

  it("are those of every interface, IPv4 first and loopback last, none that means something on one cable only", () => {
    const all = ["10.0.0.7", "100.64.0.2", "fd00::7", "127.0.0.1", "::1"];
    assert.deepEqual(candidateAddresses(found, []), all);
  });

  it("are of the interfaces that were chosen, by name or address", () => {
    assert.deepEqual(chosenAddresses(found, ["tun0"]), ["100.64.0.2"]);
    assert.deepEqual(candidateAddresses(found, ["10.0.0.7", "none"]), ["10.0.0.7", "127.0.0.1", "::1"]);
  });

  it("are at most sixteen", () => {
    const many = { eth0: Array.from({ length: 40 }, (_, index) => info(`10.0.1.${index}`)), lo: found.lo };
    const addresses = candidateAddresses(many, []);
    assert.deepEqual([addresses.length, addresses.at(-1)], [16, "::1"]);
  });
});

describe("the places at which a peer is dialled", () => {
  const own = new Set(["10.0.0.7", "127.0.0.1", "::1"]);
  const texts = (ip: string, ...ips: string[]): string[] =>
    dialAddressesOf({ ip, port: 1, addresses: ips.map((each) => ({ ip: each, port: 2 })) }, own).map(
      (place) => place.ip,
    );

  it("are addresses, never names, and none that is nobody's", () => {
    assert.deepEqual(
      texts("10.0.0.8", "example.org", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "10.0.0.9"),
      ["10.0.0.9", "10.0.0.8"],
    );
  });

  it("are plausible ones: no cable's, private networks only with this machine in one, few others [B21]", () => {
    const cables = ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254"];
    assert.deepEqual(texts("198.51.100.7", ...cables), ["198.51.100.7"]);
    assert.deepEqual(texts("169.254.3.4"), ["169.254.3.4"]);
    const networks = ["192.168.1.1", "172.16.0.1", "100.64.0.1", "fd00::1", "::ffff:192.168.1.2"];
    assert.deepEqual(texts("198.51.100.7", "10.9.9.9", ...networks), ["10.9.9.9", "198.51.100.7"]);
    assert.deepEqual(texts("192.168.1.1", "192.168.1.1"), ["192.168.1.1", "192.168.1.1"]);
    const others = Array.from({ length: 9 }, (_, index) => `203.0.113.${index + 1}`);
    assert.deepEqual(texts("198.51.100.7", ...others), [...others.slice(0, 4), "198.51.100.7"]);
    const near = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8::5"];
    assert.deepEqual(texts("2001:db8::9", ...near).length, 6);
  });

  it("are on this machine only where something else says that the peer is", () => {
    assert.deepEqual(texts("10.0.0.8", "127.0.0.1", "::1"), ["10.0.0.8"]);
    assert.deepEqual(texts("10.0.0.7", "127.0.0.1"), ["127.0.0.1", "10.0.0.7"]);
    assert.deepEqual(texts("127.0.0.1", "10.0.0.9", "127.0.0.1"), ["10.0.0.9", "127.0.0.1", "127.0.0.1"]);
  });
});

describe("on disk", () => {
  let home: string;
  let path: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "chat-room-keys-"));
    path = join(home, "peers.json");
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const [one, other, third] = ["A", "B", "C"].map((letter) => letter.repeat(43) as Pin) as [Pin, Pin, Pin];
  const bob = personOf("Bob") as Person;

  it("the first key of a contact is pinned, and another one waits beside it for the person's word", () => {
    const book = new KeyBook(path);
    book.see(bob, one, 1);
    book.allowAlways(book.verify(book.see(bob, one, 2), true), 3);
    const changed = book.see(bob, other, 4);
    assert.deepEqual([changed.pin, changed.changed, changed.verified], [one, other, true]);
    assert.equal(book.see(bob, third, 5).changed, third);
    assert.equal(new KeyBook(path).get(bob.key)?.changed, third);
    assert.equal(book.see(bob, one, 6).changed, undefined);
    const accepted = book.accept(book.see(bob, other, 7), other, 8);
    assert.deepEqual([accepted.pin, accepted.verified, accepted.alwaysSinceMs], [other, false, undefined]);
    assert.deepEqual(new KeyBook(path).get(bob.key), accepted);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("a book from when names had other keys holds them under the new ones, and forgets no key [P-3.1]", () => {
    const peer = { name: "x", verified: true, alwaysSinceMs: 5, firstSeenMs: 1 };
    const peers = [
      { ...peer, user: "straße", pin: one },
      { ...peer, user: "νικος", pin: one },
      { ...peer, user: "strasse", pin: other, verified: false },
    ];
    writeFileSync(path, JSON.stringify({ peers }), { mode: 0o600 });
    const book = new KeyBook(path);
    const key = keyOfName("STRASSE");
    assert.deepEqual(book.get(key), { ...peer, user: key, pin: one, changed: other });
    assert.equal(book.get(keyOfName("ΝΙΚΟΣ"))?.pin, one);
    assert.equal(Array.from(book.all()).length, 2);
  });

  it("a damaged book of keys is refused with a sentence, not counted as none", () => {
    for (const text of ["", "{", '{"peers":[{}]}', '{"peers":[{"user":"a","name":"a","pin":"x"}]}']) {
      writeFileSync(path, text, { mode: 0o600 });
      assert.throws(() => new KeyBook(path), /peers\.json is damaged.*Restore it/);
    }
  });

  it("the settings are to ask, until they are chosen; whoever cannot read them opens nothing", () => {
    const file = new SettingsFile(home);
    assert.deepEqual(file.read(), { mode: "ask", interfaces: [], port: 0 });
    file.write({ mode: "contacts", interfaces: ["eth0"], port: 4_242 });
    assert.deepEqual(new SettingsFile(home).read(), { mode: "contacts", interfaces: ["eth0"], port: 4_242 });
    assert.match(readFileSync(join(home, "direct.json"), "utf8"), /"contacts"/);
    writeFileSync(join(home, "direct.json"), "damaged", { mode: 0o600 });
    assert.equal(file.read().mode, "off");
  });
});
