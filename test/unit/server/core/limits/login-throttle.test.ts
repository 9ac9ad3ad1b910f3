import assert from "node:assert/strict";
import { LoginThrottle } from "../../../../../server/core/limits/login-throttle.ts";
import { isLoopback } from "../../../../../protocol/ip/loopback.ts";
import type { Admission, Attempt, Verdict } from "../../../../../server/core/limits/login-throttle.ts";

const minute = 60_000;
const hour = 60 * minute;

/** A guard on a clock that stands still, and people who have accounts. */
class Door {
  readonly guard: LoginThrottle;
  nowMs = 5_000_000;
  readonly #ids = new Map<string, number>();

  constructor(isTrusted: (address: string) => boolean = isLoopback) {
    this.guard = new LoginThrottle(isTrusted);
  }

  attempt(name: string, address: string, added: Partial<Attempt> = {}): Attempt {
    const account = this.#ids.get(name) ?? this.#ids.size + 1;
    this.#ids.set(name, account);
    return {
      key: name,
      account,
      stored: `hash of ${name}`,
      address,
      deviceKey: undefined,
      lastAddress: undefined,
      ...added,
    };
  }

  admit(name: string, address: string, added: Partial<Attempt> = {}): Admission {
    return this.guard.admit(this.attempt(name, address, added), this.nowMs);
  }

  try(verdict: Verdict, name: string, address: string, added: Partial<Attempt> = {}): "checked" | "throttled" {
    const admission = this.admit(name, address, added);
    if (!admission.ok) return "throttled";
    admission.end(verdict, this.nowMs);
    return "checked";
  }

  /** @returns how many were checked */
  guesses(count: number, name: string, addressOf: (index: number) => string, added: Partial<Attempt> = {}): number {
    let checked = 0;
    for (let index = 0; index < count; index += 1) {
      if (this.try("wrong", name, addressOf(index), added) === "checked") checked += 1;
    }
    return checked;
  }
}

const at = (address: string) => (): string => address;
const anywhere = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

describe("guessing the password of somebody", () => {
  it("is throttled for whoever guesses, and for nobody else [P-8.8]", () => {
    const connector = new Door();
    assert.equal(connector.guesses(66, "alice", at("203.0.113.7")), 3);
    assert.equal(connector.try("right", "alice", "198.51.100.1"), "checked");
    assert.equal(connector.try("right", "bob", "203.0.113.7"), "checked");
    assert.equal(connector.try("wrong", "alice", "203.0.113.7"), "throttled");
  });

  it("is bounded when it is done at once, before any of it was checked [P-8.8]", () => {
    const connector = new Door();
    const admitted = Array.from({ length: 66 }, () => connector.admit("alice", "203.0.113.7")).filter(({ ok }) => ok);
    assert.equal(admitted.length, 3);
  });

  it("says how long to wait [P-2.4]", () => {
    const connector = new Door();
    for (const waitMs of [1_000, 2_000, 4_000]) {
      connector.guesses(3, "alice", at("203.0.113.7"));
      const admission = connector.admit("alice", "203.0.113.7");
      assert.ok(!admission.ok && admission.retryAfterMs === waitMs, String(waitMs));
      connector.nowMs += waitMs;
    }
  });

  it("is not forgiven for a sign-in of the owner elsewhere, which forgets the owner's own failures only [P-8.8]", () => {
    const connector = new Door();
    connector.guesses(3, "alice", at("203.0.113.7"));
    connector.guesses(2, "alice", at("198.51.100.1"));
    connector.try("right", "alice", "198.51.100.1");
    assert.equal(connector.guesses(9, "alice", at("198.51.100.1")), 3);
    assert.equal(connector.try("wrong", "alice", "203.0.113.7"), "throttled");
  });

  it("starts anew with a new password, and is the same for all addresses of an IPv6 network [P-8.8]", () => {
    const connector = new Door();
    assert.equal(
      connector.guesses(20, "alice", (index) => `2001:db8::${index.toString(16)}`),
      3,
    );
    assert.equal(connector.try("right", "alice", "2001:db8::ffff", { stored: "another" }), "checked");
    assert.equal(connector.try("right", "alice", "2001:db8:0:1::1"), "checked");
  });

  it("does not count an attempt that was not checked [P-8.8]", () => {
    const connector = new Door();
    for (let time = 0; time < 9; time += 1) assert.equal(connector.try("unknown", "alice", "203.0.113.7"), "checked");
  });
});

describe("an owner whose password is guessed at", () => {
  /** Everybody guesses at alice, from a thousand places, as often as they may. */
  function siege(connector: Door): void {
    for (let round = 0; round < 5; round += 1) {
      connector.guesses(1_000, "alice", anywhere);
      connector.nowMs += 1_000;
    }
    assert.equal(connector.try("wrong", "alice", "172.16.0.1"), "throttled", "the siege holds");
  }

  it("signs in from where they signed in before [P-8.8]", () => {
    const connector = new Door();
    connector.try("right", "alice", "198.51.100.1");
    siege(connector);
    assert.equal(connector.try("right", "alice", "198.51.100.1"), "checked");
  });

  it("signs in from where their token is in force, or was used, in the same address group [P-8.8]", () => {
    const connector = new Door();
    siege(connector);
    assert.equal(connector.try("right", "alice", "2001:db8::2", { lastAddress: "2001:db8::1" }), "checked");
    connector.guard.signedIn(1, "198.51.100.9");
    assert.equal(connector.try("right", "alice", "198.51.100.9"), "checked");
  });

  it("signs in from anywhere with a device that signed in before [P-8.8]", () => {
    const connector = new Door();
    siege(connector);
    assert.equal(connector.try("right", "alice", "172.16.0.1", { deviceKey: "key" }), "checked");
  });

  it("is not given away with such a device: it has a lock of its own [P-8.8]", () => {
    const connector = new Door();
    assert.equal(connector.guesses(100, "alice", anywhere, { deviceKey: "stolen" }), 3);
    assert.equal(connector.try("right", "alice", "198.51.100.1", { deviceKey: "other" }), "checked");
    assert.equal(connector.try("right", "alice", "198.51.100.1"), "checked");
    connector.nowMs += 1_000;
    assert.equal(connector.guesses(9, "alice", anywhere, { deviceKey: "stolen" }), 1);
  });

  it("is not locked out by mistakes of their own where they signed in before, but for a moment [P-8.8]", () => {
    const connector = new Door();
    connector.try("right", "alice", "198.51.100.1");
    assert.equal(connector.guesses(9, "alice", at("198.51.100.1")), 3);
    connector.nowMs += 1_000;
    assert.equal(connector.try("right", "alice", "198.51.100.1"), "checked");
  });
});

describe("guessing from many addresses", () => {
  it("comes to 50 guesses at an account, and to 50 an hour after that, however many there are [P-8.8]", () => {
    const connector = new Door();
    assert.equal(connector.guesses(5_000, "alice", anywhere), 50);
    let checked = 0;
    for (const endMs = connector.nowMs + 24 * hour; connector.nowMs < endMs; connector.nowMs += minute) {
      checked += connector.guesses(5, "alice", (index) => anywhere(index + (connector.nowMs % 65_536)));
    }
    assert.ok(checked <= 24 * 60, `${checked} a day`);
    assert.equal(connector.try("right", "bob", anywhere(1)), "checked");
  });
});

describe("people behind one address", () => {
  const office = "203.0.113.7";

  it("are not locked out by the mistakes of all of them, nor by a script with an old password [P-8.8]", () => {
    const connector = new Door();
    for (let person = 0; person < 300; person += 1) connector.try("right", `p${person}`, office);
    for (let day = 0, turn = 0; day < 3; day += 1) {
      for (const endMs = connector.nowMs + 8 * hour; connector.nowMs < endMs; turn += 1) {
        connector.nowMs += 30_000;
        connector.guard.sweep(connector.nowMs);
        if (turn % 20 === 0) connector.try("wrong", "backup-bot", office);
        const person = `p${turn % 300}`;
        if (turn % 3 === 0) assert.equal(connector.try("wrong", person, office), "checked", `typo of ${person}`);
        assert.equal(connector.try("right", person, office), "checked", person);
      }
      connector.nowMs += 16 * hour;
    }
  });

  it("may all sign in for the first time at once, a tenth of them with a wrong password first [P-8.8]", () => {
    const connector = new Door();
    const begun = Array.from({ length: 300 }, (_, person) => connector.admit(`p${person}`, office));
    for (const [person, admission] of begun.entries()) {
      assert.ok(admission.ok, `p${person}`);
      admission.end(person % 10 === 0 ? "wrong" : "right", connector.nowMs);
    }
    for (let person = 0; person < 300; person += 10)
      assert.equal(connector.try("right", `p${person}`, office), "checked");
  });

  it("who guess at all names come to 100 guesses, and then to one a minute; those who signed in there do not notice [P-8.8]", () => {
    const connector = new Door();
    connector.try("right", "alice", office);
    let checked = 0;
    for (let name = 0; name < 1_000; name += 1) checked += connector.guesses(1, `n${name}`, at(office));
    assert.equal(checked, 100);
    for (let name = 0; name < 60; name += 1) {
      const admission = connector.admit(`m${name}`, office);
      assert.ok(admission.ok || admission.retryAfterMs <= minute);
      if (admission.ok) admission.end("wrong", connector.nowMs);
      connector.nowMs += minute;
      assert.equal(connector.try("right", "alice", office), "checked");
    }
    assert.equal(connector.try("right", "carol", office, { lastAddress: office }), "checked");
  });

  it("are not counted together on the server's own machine, unless everybody comes from there [P-8.8]", () => {
    for (const loopback of ["127.0.0.1", "127.8.8.8", "::1"]) {
      const [trusting, proxied] = [new Door(), new Door(() => false)];
      for (let name = 0; name < 300; name += 1) {
        trusting.guesses(1, `n${name}`, at(loopback));
        proxied.guesses(1, `n${name}`, at(loopback));
      }
      assert.equal(trusting.try("right", "alice", loopback), "checked");
      assert.equal(proxied.try("right", "alice", loopback), "throttled");
      assert.equal(trusting.guesses(9, "bob", at(loopback)), 3, "the count of one name holds there too");
    }
  });
});

describe("a network that the operator trusts", () => {
  it("has no limit over all names, and no quota of accounts; the count of one name holds [P-8.7, P-8.8]", () => {
    const office = "203.0.113.7";
    const connector = new Door((address) => address === office);
    for (let name = 0; name < 300; name += 1) connector.guesses(1, `n${name}`, at(office));
    assert.equal(connector.try("right", "alice", office), "checked");
    assert.equal(connector.guesses(9, "bob", at(office)), 3);
    const begun = (address: string): number[] =>
      Array.from({ length: 101 }, () => connector.guard.registrations.begin(address, connector.nowMs)).filter(
        (wait) => wait > 0,
      );
    assert.deepEqual([begun(office), begun("203.0.113.8")], [[], [36_000]]);
  });
});

describe("a name that nobody has", () => {
  it("is throttled as one that somebody has, whatever is tried and from wherever [P-8.8]", () => {
    const [known, unknown] = [new Door(), new Door()];
    const nobody = { account: undefined, stored: undefined };
    const answers: unknown[][] = [[], []];
    for (let step = 0; step < 3_000; step += 1) {
      const address = anywhere((step * 7_919) % 40);
      const name = `n${step % 5}`;
      for (const [which, connector] of [known, unknown].entries()) {
        const admission = connector.admit(name, address, connector === unknown ? nobody : {});
        answers[which]?.push(admission.ok ? admission.known : admission.retryAfterMs);
        if (admission.ok) admission.end("wrong", connector.nowMs);
        connector.nowMs += (step % 13) * 900;
      }
    }
    assert.deepEqual(answers[1], answers[0]);
    assert.ok(answers[0]?.includes(false) && answers[0].some((each) => typeof each === "number"));
  });
});
