import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { admit, handshakeTimeoutMs, introduce, makeToken, sendVerdict } from "../../../../base/rendezvous/handshake.ts";
import { systemClock } from "../../../../base/clock.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const caller = { build: 7, protocol: { min: 1, max: 1 }, canStart: true };
const attach = { kind: "attach", protocol: 1 } as const;

describe("the handshake", () => {
  let server: Server;
  let near: Socket;
  let far: Socket;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    near = connect((server.address() as AddressInfo).port, "127.0.0.1");
    far = await accepted;
  });
  afterEach(() => {
    near.destroy();
    far.destroy();
    server.close();
  });

  it("lets two ends that know the token meet", async () => {
    const token = makeToken();
    const admitted = admit(far, token, systemClock).then((found) => {
      sendVerdict(far, attach);
      return found;
    });
    assert.deepEqual(await introduce(near, token, caller, systemClock), attach);
    assert.deepEqual(await admitted, caller);
  });

  it("leaves what follows it for the next reader", async () => {
    const token = makeToken();
    const admitted = admit(far, token, systemClock).then(() => {
      far.write(`${JSON.stringify(attach)}\nthe first words`);
    });
    await introduce(near, token, caller, systemClock);
    const [words] = await Promise.all([new Promise((resolve) => near.once("data", resolve)), admitted]);
    assert.equal(String(words), "the first words");
  });

  it("tells the caller that the listener does not know the token, before the caller proves anything", async () => {
    const said: string[] = [];
    far.on("data", (chunk) => said.push(String(chunk)));
    far.write(`${JSON.stringify({ nonce: makeToken(), proof: makeToken() })}\n`);
    await assert.rejects(introduce(near, makeToken(), caller, systemClock), /does not know the token/);
    assert.equal(said.join("").includes("proof"), false);
  });

  it("drops a caller that does not know the token", async () => {
    const refused = assert.rejects(admit(far, makeToken(), systemClock), /does not know the token|closed/);
    const lied = introduce(near, makeToken(), caller, systemClock).catch(() => near.destroy());
    await Promise.all([refused, lied]);
  });

  it("drops a caller whose proof is the listener's own, sent back", async () => {
    const token = makeToken();
    const refused = assert.rejects(admit(far, token, systemClock), /does not know the token/);
    near.write(`${JSON.stringify({ nonce: makeToken() })}\n`);
    const challenge = await new Promise<string>((resolve) => near.once("data", (chunk) => resolve(String(chunk))));
    const { proof } = JSON.parse(challenge) as { proof: string };
    near.write(`${JSON.stringify({ ...caller, proof })}\n`);
    await refused;
  });

  it("drops a caller that sends noise, or more than a handshake needs", async () => {
    const refused = assert.rejects(admit(far, makeToken(), systemClock));
    near.write("x".repeat(5_000));
    await refused;
  });

  it("drops a caller that says nothing", async () => {
    const clock = new FakeClock();
    const refused = assert.rejects(admit(far, makeToken(), clock), /in time/);
    clock.advance(handshakeTimeoutMs);
    await refused;
  });

  it("drops a caller that leaves", async () => {
    const refused = assert.rejects(admit(far, makeToken(), systemClock), /closed/);
    near.end();
    await refused;
  });

  it("is the same for every split of its bytes", async () => {
    const token = makeToken();
    const write = near.write.bind(near);
    near.write = (text: string) => {
      for (const character of text) write(character);
      return true;
    };
    near.setNoDelay(true);
    const admitted = admit(far, token, systemClock).then(() => sendVerdict(far, attach));
    assert.deepEqual(await introduce(near, token, caller, systemClock), attach);
    await admitted;
  });
});
