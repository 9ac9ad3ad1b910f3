import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { maxReasonLength } from "../../../../protocol/api/model.ts";
import { message } from "../../../../protocol/wire/messages.ts";
import type { Clock } from "../../../../base/clock.ts";
import { ServerLink } from "../../../../daemon/connection/server-link.ts";
import { signInAt } from "../../../../daemon/connection/sign-in.ts";
import type { ListenerAddress, Client } from "../../../../daemon/connection/sign-in.ts";
import { Pulse } from "../../../../daemon/lifetime/pulse.ts";
import { plainConnector } from "../../../support/plain-connector.ts";
import { failure } from "../../../../protocol/errors.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { ScriptedServer } from "./scripted-server.ts";

const client = { device: "device-1", name: "test/1" };

describe("the link to a server", () => {
  let server: ScriptedServer;
  let clock: FakeClock;
  let events: EventEmitter;
  let link: ServerLink;
  let pulse: Pulse;
  /** How far the wall clock went beyond the monotonic one. */
  let aheadMs: number;
  const walls: Clock = {
    nowMs: () => clock.nowMs() + aheadMs,
    monotonicMs: () => clock.monotonicMs(),
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
  };

  beforeEach(async () => {
    server = await ScriptedServer.start();
    clock = new FakeClock();
    aheadMs = 0;
    events = new EventEmitter();
    pulse = new Pulse(walls);
    link = makeLink(client);
  });
  afterEach(() => {
    link.dispose();
    pulse.dispose();
    server.stop();
  });

  const makeLink = (as: Client): ServerLink =>
    new ServerLink({
      ...{ connector: plainConnector(clock), address: server.address, user: "me", token: "t1", client: as },
      ...{ clock: walls, pulse, random: () => 0.5 },
      events: {
        onConnecting: () => events.emit("connecting"),
        onConnected: (token) => events.emit("connected", token),
        onUnreachable: (reason, retryAtMs) => events.emit("unreachable", reason, retryAtMs),
        onPush: (push) => events.emit("push", push),
        onEnded: (end) => events.emit("ended", end),
      },
    });

  const connected = async (): Promise<void> => {
    const done = once(events, "connected");
    link.connect();
    await done;
  };

  it("opens the session by token, and says which device it is and that it acknowledges [P-4.1]", async () => {
    await connected();
    assert.deepEqual(server.received[0], {
      id: 1,
      ...{ type: "auth", username: "me", token: "t1", device: "device-1", client: "test/1" },
      ...{ presence: true, acks: true, outcomes: true },
    });
  });

  it("says where it takes direct connections as soon as that changes, and once for all who wait for it [P-4.8]", async () => {
    const offered: { places: ListenerAddress | undefined; direct: boolean } = { places: undefined, direct: true };
    const offering = { ...client, announcement: () => offered.places, direct: () => offered.direct };
    link.dispose();
    link = makeLink(offering);
    await connected();
    assert.deepEqual([server.received[0]?.["direct"], server.received[0]?.["port"]], [true, undefined]);
    server.received.length = 0;
    let answer = (): void => undefined;
    server.script = ({ type, id }, socket) => {
      if (type === "auth") answer = () => void socket.write(`${JSON.stringify({ id, result: "ok" })}\n`);
      return undefined;
    };
    offered.places = { port: 4_242, addresses: ["10.0.0.7"] };
    let told = 0;
    const telling = [link.announce(), link.announce()].map((each) => each.then(() => (told += 1)));
    await server.line(({ port }) => port === 4_242);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(told, 0);
    answer();
    await Promise.all(telling);
    await link.announce();
    assert.deepEqual(
      server.received.map(({ type, port, addresses, token }) => ({ type, port, addresses, token })),
      [{ type: "auth", port: 4_242, addresses: ["10.0.0.7"], token: "t1" }],
    );
  });

  it("hands out no push before it has said that it is connected", async () => {
    const order: string[] = [];
    events.on("connected", () => order.push("connected")).on("push", () => order.push("push"));
    server.script = ({ type, id }) => {
      return type === "auth" ? `{"result":"ok","id":${String(id)}}\n{"type":"message","id":1,"from":"a"}\n` : undefined;
    };
    const pushed = once(events, "push");
    link.connect();
    await pushed;
    assert.deepEqual(order, ["connected", "push"]);
  });

  it("gets each answer to its own request, whatever their order [P-2.2]", async () => {
    await connected();
    const held: string[] = [];
    server.script = ({ msg, id }, socket) => {
      held.unshift(`${JSON.stringify({ id, result: "ok", delivery: msg })}\n`);
      if (held.length === 2) socket.write(held.join(""));
      return undefined;
    };
    const send = (msg: string) => link.request(message, { to: "bob", msg });
    const answers = await Promise.all([send("queued"), send("delivered")]);
    assert.deepEqual(
      answers.map((answer) => answer?.ok === true && answer.value.delivery),
      ["queued", "delivered"],
    );
  });

  it("takes answers without id in the order of the requests [P-2.2]", async () => {
    server.script = () => '{"result":"ok"}\n';
    await connected();
    assert.deepEqual(await link.request(message, { to: "bob", msg: "hi" }), { ok: true, value: {} });
  });

  it("knows nothing about a request whose connection was lost, and comes back after a wait [P-8.4]", async () => {
    await connected();
    server.script = () => undefined;
    const answer = link.request(message, { to: "bob", msg: "hi" });
    await server.line(({ type }) => type === "message");
    const unreachable = once(events, "unreachable");
    server.cut();
    assert.equal(await answer, undefined);
    const [reason, retryAtMs] = (await unreachable) as [string, number];
    assert.match(reason, /connection .* was lost/);
    assert.equal(retryAtMs, clock.nowMs() + 750);
    server.script = () => ({ result: "ok" });
    const again = once(events, "connected");
    clock.advance(750);
    await again;
  });

  it("ends a connection that swallows a request", async () => {
    await connected();
    server.script = () => undefined;
    const answer = link.request(message, { to: "bob", msg: "hi" });
    await server.line(({ type }) => type === "message");
    const unreachable = once(events, "unreachable");
    clock.advance(60_000);
    assert.equal(await answer, undefined);
    await unreachable;
  });

  it("asks a connection that seems to stand when a person presses Retry, and leaves it alone where it answers", async () => {
    await connected();
    const alive = server.line(({ type }) => type === "alive");
    link.connect();
    link.connect();
    await alive;
    server.script = () => ({ result: "ok", delivery: "queued" });
    await link.request(message, { to: "bob", msg: "hi" });
    clock.advance(3_000);
    assert.deepEqual(
      server.received.map(({ type }) => type),
      ["auth", "alive", "message"],
    );
  });

  it("opens a connection that is dead and does not say so again 3 s after Retry, without a wait [P-8.4]", async () => {
    await connected();
    server.script = () => undefined;
    const answer = link.request(message, { to: "bob", msg: "hi" });
    link.connect();
    await server.line(({ type }) => type === "alive");
    server.script = () => ({ result: "ok" });
    clock.advance(2_999);
    const again = once(events, "connected");
    clock.advance(1);
    assert.equal(await answer, undefined);
    await again;
    assert.equal(server.received.filter(({ type }) => type === "auth").length, 2);
  });

  it("asks at once after this machine slept, whichever clock stood still meanwhile", async () => {
    await connected();
    server.script = () => undefined;
    aheadMs = 3_600_000;
    clock.advance(25_000);
    await server.line(({ type }) => type === "alive");
    server.script = () => ({ result: "ok" });
    const again = once(events, "connected");
    clock.advance(3_000);
    await again;
  });

  it("asks as soon as somebody does something after this machine slept, and for nothing otherwise", async () => {
    await connected();
    pulse.look();
    aheadMs = 3_600_000;
    server.script = () => undefined;
    pulse.look();
    pulse.look();
    await server.line(({ type }) => type === "alive");
    server.script = () => ({ result: "ok" });
    const again = once(events, "connected");
    clock.advance(3_000);
    await again;
    assert.equal(server.received.filter(({ type }) => type === "alive").length, 1);
  });

  it("still shows signs of life after Retry, and after a wall clock that was set back [P-8.4]", async () => {
    await connected();
    link.connect();
    await link.request(message, { to: "bob", msg: "hi" });
    server.received.length = 0;
    aheadMs = -3_600_000;
    const alive = server.line(({ type }) => type === "alive");
    clock.advance(30_000);
    await alive;
  });

  it("comes back where the connection was lost before it was taken over [P-8.4]", async () => {
    const found = await signInAt(plainConnector(clock), server.address, { user: "me", token: "t1" }, client);
    assert.ok(found.ok);
    const lost = found.link.requestRaw("alive", {}, { timeoutMs: 1_000 });
    server.cut();
    await lost;
    const unreachable = once(events, "unreachable");
    link.adopt(found);
    await unreachable;
    const again = once(events, "connected");
    clock.advance(750);
    await again;
  });

  it("shows a sign of life at least every 30 s [P-8.4]", async () => {
    await connected();
    const alive = server.line(({ type }) => type === "alive");
    clock.advance(30_000);
    await alive;
  });

  it("opens the session again when it ended by silence [P-4.9]", async () => {
    await connected();
    server.script = () => ({ result: "fail", code: "not_authenticated", reason: "no session" });
    const unreachable = once(events, "unreachable");
    await link.request(message, { to: "bob", msg: "hi" });
    await unreachable;
  });

  it("never takes the answer to a message for one about the session: it asks the server itself [P-4.9]", async () => {
    await connected();
    const words = { code: "not_authenticated", reason: "Your session was revoked." };
    server.script = ({ type }) => (type === "alive" ? { result: "ok" } : { result: "fail", ...words });
    assert.deepEqual(await link.request(message, { to: "bob", msg: "hi" }), failure("refused"));
    assert.equal(server.connections, 1);
  });

  it("comes back soon where a connection that held was dropped here, whatever it took to make it [P-8.4]", async () => {
    server.script = () => ({ result: "fail", code: "busy", reason: "later" });
    let waitMs = 0;
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const unreachable = once(events, "unreachable");
      if (attempt === 0) link.connect();
      else clock.advance(waitMs);
      waitMs = ((await unreachable) as [string, number])[1] - clock.nowMs();
    }
    server.script = () => ({ result: "ok" });
    const done = once(events, "connected");
    clock.advance(waitMs);
    await done;
    clock.advance(10_000);
    const unreachable = once(events, "unreachable");
    link.interrupt("The disk is full.");
    const [reason, retryAtMs] = (await unreachable) as [string, number];
    assert.deepEqual([reason, retryAtMs - clock.nowMs()], ["The disk is full.", 750]);
  });

  it("takes no longer reason for a refusal than can be stored and shown", async () => {
    await connected();
    server.script = () => ({ result: "no", code: "blocked", reason: "x".repeat(10_000) });
    const answer = await link.request(message, { to: "bob", msg: "hi" });
    assert.equal(answer?.ok === false && answer.reason.length, maxReasonLength);
  });

  it("ends when another login took the session, and does not come back [P-6.4]", async () => {
    await connected();
    const ended = once(events, "ended");
    server.push({ type: "kill", id: 7, reason: "you have logged in at another place." });
    const [end] = (await ended) as [object];
    assert.deepEqual(end, { elsewhere: true, reason: "you have logged in at another place." });
    await server.line(({ id, result }) => id === 7 && result === "ok");
    pulse.dispose();
    assert.equal(clock.pending <= 1, true);
  });

  describe("that another link of the same device takes the session from", () => {
    /** As the server does it: the word, and the end of the connection. Then the link opens the session again. */
    const taken = async (): Promise<void> => {
      const again = once(events, "connected");
      const unreachable = once(events, "unreachable");
      server.push({ type: "taken", id: 8 });
      await server.line(({ id, result }) => id === 8 && result === "ok");
      server.received.length = 0;
      server.cut();
      const [, retryAtMs] = (await unreachable) as [string, number];
      clock.advance(retryAtMs - clock.nowMs());
      await again;
    };

    it("comes back, twice in a minute", async () => {
      await connected();
      pulse.dispose();
      for (let times = 0; times < 6; times += 1) {
        await taken();
        if (times % 2 === 1) clock.advance(60_000);
      }
    });

    it("ends at the third time in a minute, and says why: two daemons are one device [P-6.11]", async () => {
      await connected();
      await taken();
      await taken();
      const ended = once(events, "ended");
      server.push({ type: "taken", id: 9 });
      const [end] = (await ended) as [{ reason: string; elsewhere?: boolean }];
      assert.match(end.reason, /has the key of this device takes the session .* over again .* End one of the two/);
      assert.equal(end.elsewhere, undefined);
    });
  });

  it("ends when the server does not take the token any more", async () => {
    server.script = () => ({ result: "fail", code: "bad_credentials", reason: "no" });
    const ended = once(events, "ended");
    link.connect();
    const [end] = (await ended) as [{ code: string; elsewhere?: boolean }];
    assert.equal(end.code, "bad_credentials");
    assert.equal(end.elsewhere, undefined);
  });

  it("tries again later when the server has too much to do", async () => {
    server.script = () => ({ result: "fail", code: "busy", reason: "later" });
    const unreachable = once(events, "unreachable");
    link.connect();
    assert.equal((await unreachable)[0], "later");
  });

  it("says that it connects where somebody waits for that, and not at each attempt while a server is away", async () => {
    const shown: string[] = [];
    events.on("connecting", () => shown.push("connecting")).on("unreachable", () => shown.push("unreachable"));
    events.on("connected", () => shown.push("connected"));
    server.stop();
    let waitMs = 0;
    for (const attempt of [1, 2, 3]) {
      const unreachable = once(events, "unreachable");
      if (attempt === 1) link.connect();
      else clock.advance(waitMs);
      waitMs = ((await unreachable) as [string, number])[1] - clock.nowMs();
    }
    assert.deepEqual(shown.splice(0), ["connecting", "unreachable", "unreachable", "unreachable"]);
    const retried = once(events, "unreachable");
    link.connect();
    await retried;
    assert.deepEqual(shown.splice(0), ["connecting", "unreachable"]);
    // A person presses Retry while it is tried anyway.
    clock.advance(60_000);
    const last = once(events, "unreachable");
    link.connect();
    await last;
    assert.deepEqual(shown.splice(0), ["connecting", "unreachable"]);
  });

  it("is opened when the server comes up, with waits that grow [P-8.4]", async () => {
    server.stop();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const unreachable = once(events, "unreachable");
      if (attempt === 0) link.connect();
      else clock.advance(waits.at(-1) ?? 0);
      const [reason, retryAtMs] = (await unreachable) as [string, number];
      assert.match(reason, /Nothing listens at .* Is the server running\?/);
      waits.push(retryAtMs - clock.nowMs());
    }
    assert.deepEqual(waits, [750, 1_500, 3_000]);
  });
});
