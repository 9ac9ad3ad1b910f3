import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../../base/clock.ts";
import { connectOnly, connectOrStart, StartFailed, untilFree } from "../../../../base/rendezvous/connect.ts";
import {
  publishEndpoint,
  publishHolder,
  readEndpoint,
  readHolder,
  recordStartFailure,
  writeRetirements,
} from "../../../../base/rendezvous/files.ts";
import { makeToken } from "../../../../base/rendezvous/handshake.ts";
import { listen } from "../../../../base/rendezvous/listener.ts";
import type { Listener, ListenOptions } from "../../../../base/rendezvous/listener.ts";
import { isLocked } from "../../../../base/files/file-lock.ts";
import { tryLock } from "../../../../base/rendezvous/lock.ts";
import { skip } from "../../../support/skip.ts";

const protocol = { min: 1, max: 1 };

/** A process that goes on. */
const running = { ended: new Promise<never>(() => undefined) };

describe("the rendezvous of a folder", () => {
  let folder: string;
  let listeners: Listener[];
  let sockets: Socket[];
  let retired: number[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rv-"));
    listeners = [];
    sockets = [];
    retired = [];
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const listener of listeners) listener.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = async (build: number, added: Partial<ListenOptions> = {}): Promise<Listener | undefined> => {
    const listener = await listen({
      ...{ folder, build, protocol, clock: systemClock, waitMs: 2_000, isBusy: () => false },
      onConnection(socket) {
        sockets.push(socket);
        socket.on("error", () => undefined).on("data", (chunk) => socket.write(`${build}:${String(chunk)}`));
      },
      onRetire() {
        retired.push(build);
        listener?.dispose();
      },
      ...added,
    });
    if (listener) listeners.push(listener);
    return listener;
  };
  const never = () => Promise.reject(new Error("must not be started"));
  const call = async (build: number, start: () => Promise<unknown> = never): Promise<Socket> => {
    const started = async () => {
      await start();
      return running;
    };
    const socket = await connectOrStart({ folder, build, protocol, start: started, deadlineMs: 5_000 });
    sockets.push(socket);
    return socket;
  };
  const echo = (socket: Socket): Promise<string> => {
    return new Promise((resolve) => {
      socket.once("data", (chunk) => resolve(String(chunk)));
      socket.write("hello");
    });
  };
  const gone = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));

  it("answers undefined where nobody serves and nothing may be started", async () => {
    assert.equal(await connectOnly({ folder, build: 1, protocol }), undefined);
  });

  it("connects two ends, and what they say goes through", async () => {
    await serve(1);
    assert.equal(await echo(await call(1)), "1:hello");
  });

  it("starts one process for 50 callers that come at once", async () => {
    let starts = 0;
    const start = () => ((starts += 1), serve(1));
    const connected = await Promise.all(Array.from({ length: 50 }, () => call(1, start)));
    assert.equal(starts, 1);
    assert.equal(connected.length, 50);
  });

  it("has one place: a second process is told that it is taken", async () => {
    await serve(1);
    assert.equal(await serve(1), undefined);
  });

  it("takes over what a dead process left: its socket file and its endpoint", async () => {
    const path = join(folder, "rendezvous.sock");
    writeFileSync(path, "");
    publishEndpoint(folder, { address: path, token: makeToken() });
    assert.equal(await echo(await call(1, () => serve(1))), "1:hello");
  });

  it("keeps its files private, and removes them in the end", async () => {
    const listener = await serve(1);
    for (const name of ["rendezvous.json", "rendezvous.sock"]) {
      assert.equal(statSync(join(folder, name)).mode & 0o077, 0);
    }
    listener?.dispose();
    assert.equal(existsSync(join(folder, "rendezvous.json")), false);
    assert.equal(existsSync(join(folder, "rendezvous.sock")), false);
  });

  it("listens to nobody where it cannot say where it is", async () => {
    mkdirSync(join(folder, "rendezvous.json"));
    await assert.rejects(serve(1));
    rmSync(join(folder, "rendezvous.json"), { recursive: true });
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".sock")),
      [],
    );
    assert.ok(await serve(1));
  });

  it("refuses a folder that others can open", async () => {
    chmodSync(folder, 0o777);
    await assert.rejects(call(1), /Others can open .* chmod 700/);
    await assert.rejects(serve(1), /Others can open/);
    chmodSync(folder, 0o700);
  });

  it("refuses a folder that belongs to another user", async function () {
    if (process.getuid?.() !== 0) skip(this, "only root can make a folder that belongs to another user");
    chownSync(folder, 12_345, 12_345);
    await assert.rejects(call(1), /belongs to another user/);
    await assert.rejects(serve(1), /belongs to another user/);
    chownSync(folder, 0, 0);
  });

  it("refuses an endpoint file that others can open", async () => {
    await serve(1);
    chmodSync(join(folder, "rendezvous.json"), 0o644);
    await assert.rejects(call(1), /Others can open/);
    chmodSync(join(folder, "rendezvous.json"), 0o600);
  });

  it("drops a caller with a wrong token, and hands nothing out", async () => {
    const dropped: string[] = [];
    const listener = await serve(1, { onDropped: (reason) => dropped.push(reason) });
    const right = readFileSync(join(folder, "rendezvous.json"), "utf8");
    publishEndpoint(folder, { address: listener?.address ?? "", token: makeToken() });
    await assert.rejects(call(1), /not ours/);
    writeFileSync(join(folder, "rendezvous.json"), right, { mode: 0o600 });
    assert.equal(await echo(await call(1)), "1:hello");
    assert.equal(dropped.length, 1);
  });

  it("does not talk to a stranger that listens at the address", async () => {
    const address = join(folder, "stranger.sock");
    const heard: string[] = [];
    const stranger: Server = createServer((socket) => {
      sockets.push(socket);
      socket.on("data", (chunk) => heard.push(String(chunk)));
      socket.write(`${JSON.stringify({ nonce: makeToken(), proof: makeToken() })}\n`);
    });
    await new Promise<void>((resolve) => stranger.listen(address, resolve));
    publishEndpoint(folder, { address, token: makeToken() });
    await assert.rejects(call(1), /Something that is not ours listens/);
    assert.equal(heard.join("").includes("build"), false);
    stranger.close();
  });

  it("says why the started process failed, in that process's words", async () => {
    const start = (): Promise<void> => {
      recordStartFailure(folder, "There is no SQLite here.");
      return Promise.resolve();
    };
    await assert.rejects(call(1, start), /^Error: There is no SQLite here\.$/);
  });

  it("says so when the started process ends without a word, unless another one serves", async () => {
    const ending = (code: number | null) => {
      const start = () => Promise.resolve({ ended: Promise.resolve(code) });
      return connectOrStart({ folder, build: 1, protocol, start, deadlineMs: 5_000 });
    };
    await assert.rejects(ending(1), (error) => error instanceof StartFailed && /\(exit code 1\)/.test(error.message));
    await assert.rejects(ending(null), /ended as soon as it was started \(killed\)/);
    const start = async () => {
      await serve(1);
      return { ended: Promise.resolve(1) };
    };
    const socket = await connectOrStart({ folder, build: 1, protocol, start, deadlineMs: 5_000 });
    sockets.push(socket);
    assert.equal(await echo(socket), "1:hello");
  });

  it("waits on where the started process has found that another one is about to serve", async () => {
    const start = () => {
      setImmediate(() => void serve(1));
      return Promise.resolve({ ended: Promise.resolve(0) });
    };
    const socket = await connectOrStart({ folder, build: 1, protocol, start, deadlineMs: 5_000 });
    sockets.push(socket);
    assert.equal(await echo(socket), "1:hello");
  });

  it("does not report a failure of an earlier start", async () => {
    recordStartFailure(folder, "There was no SQLite.");
    assert.equal(await echo(await call(1, () => serve(1))), "1:hello");
  });

  it("gives up with a sentence when nothing comes up", async () => {
    const waiting = connectOrStart({
      folder,
      build: 1,
      protocol,
      start: () => Promise.resolve(running),
      deadlineMs: 100,
    });
    await assert.rejects(waiting, /did not start in time/);
  });

  it("says that the one which runs is busy or hangs, and which process that is, where it takes calls and says nothing", async () => {
    const listener = await serve(1);
    const deaf = createServer((socket) => void sockets.push(socket));
    const address = join(folder, "deaf.sock");
    await new Promise<void>((resolve) => deaf.listen(address, resolve));
    publishEndpoint(folder, { address, token: readEndpoint(folder)?.token ?? "" });
    const why = new RegExp(`process ${process.pid} on ${hostname()}\\) does not answer: it is busy, .* or hangs`);
    const impatient = { folder, build: 1, protocol, deadlineMs: 1, handshakeMs: 50 };
    await assert.rejects(connectOnly(impatient), why);
    await assert.rejects(connectOrStart({ ...impatient, start: never }), why);
    deaf.close();
    await listener?.lookAfter();
    assert.equal(await echo(await call(1)), "1:hello");
  });

  describe("of which somebody has removed something", () => {
    const removals: Record<string, () => void> = {
      "what says where it listens": () => rmSync(join(folder, "rendezvous.json")),
      "its socket": () => rmSync(join(folder, "rendezvous.sock")),
      both: () => ["json", "sock"].forEach((name) => rmSync(join(folder, `rendezvous.${name}`))),
      "the file of its lock": () => rmSync(join(folder, "rendezvous.life")),
      "its socket, for a folder": () => {
        rmSync(join(folder, "rendezvous.sock"));
        mkdirSync(join(folder, "rendezvous.sock", "deep"), { recursive: true });
      },
      "what says where it listens, for what others can read": () => chmodSync(join(folder, "rendezvous.json"), 0o644),
      "what says where it listens, for what an older process said": () =>
        publishEndpoint(folder, { address: join(folder, "gone.sock"), token: makeToken() }),
    };
    for (const [what, remove] of Object.entries(removals)) {
      it(`is found again, and those who use it stay: ${what}`, async () => {
        const listener = await serve(1);
        const before = await call(1);
        assert.equal(await listener?.lookAfter(), "well");
        remove();
        assert.equal(await listener?.lookAfter(), "repaired");
        assert.equal(await listener?.lookAfter(), "well");
        assert.equal(await echo(await call(1)), "1:hello");
        assert.equal(await echo(before), "1:hello");
        assert.equal(await serve(1), undefined);
        assert.equal(statSync(join(folder, "rendezvous.sock")).mode & 0o077, 0);
      });
    }

    it("is waited for by who needs it, and not taken for none", async () => {
      const listener = await serve(1);
      rmSync(join(folder, "rendezvous.json"));
      const waiting = connectOnly({ folder, build: 1, protocol, deadlineMs: 5_000 });
      setImmediate(() => void listener?.lookAfter());
      const socket = await waiting;
      assert.ok(socket);
      sockets.push(socket);
      assert.equal(await echo(socket), "1:hello");
    });

    it("is named with its process where it cannot be reached in time", async () => {
      await serve(1);
      rmSync(join(folder, "rendezvous.json"));
      const why = new RegExp(`\\(process ${process.pid} on .*\\) runs and cannot be reached: .* try again then`);
      await assert.rejects(connectOnly({ folder, build: 1, protocol, deadlineMs: 1 }), why);
      const start = () => Promise.resolve(running);
      await assert.rejects(connectOrStart({ folder, build: 1, protocol, start, deadlineMs: 1 }), why);
    });

    it("is said to run on the other machine where it does", async () => {
      await serve(1);
      rmSync(join(folder, "rendezvous.json"));
      publishHolder(folder, { pid: 77, host: "another.example" });
      const why = /runs on another machine \(process 77 on another\.example\).* set CHAT_ROOM_HOME/;
      await assert.rejects(connectOnly({ folder, build: 1, protocol, deadlineMs: 1 }), why);
    });

    it("has lost its place where its folder was removed, or replaced", async () => {
      const listener = await serve(1);
      rmSync(folder, { recursive: true });
      assert.equal(await listener?.lookAfter(), "lost");
      mkdirSync(folder, { mode: 0o700 });
      // The same number may be given to the new folder, which is no harm: nobody else has the place.
      if ((await listener?.lookAfter()) === "lost") assert.ok(await serve(2));
    });

    it("has lost its place where another process has taken it meanwhile", async () => {
      const listener = await serve(1);
      rmSync(join(folder, "rendezvous.life"));
      const other = tryLock(join(folder, "rendezvous.life"));
      assert.equal(await listener?.lookAfter(), "lost");
      other?.release();
    });
  });

  it("holds the place until it has given it back, and says so to who waits for that", async () => {
    const listener = await serve(1);
    assert.equal(await untilFree(folder, 0), false);
    setImmediate(() => listener?.dispose());
    assert.equal(await untilFree(folder, 5_000), true);
    assert.equal(readHolder(folder), undefined);
  });

  it("replaces an older idle process by a newer caller's, and never back", async () => {
    await serve(1);
    assert.equal(await echo(await call(2, () => serve(2))), "2:hello");
    assert.deepEqual(retired, [1]);
    assert.equal(await echo(await call(1)), "2:hello");
    assert.deepEqual(retired, [1]);
  });

  it("leaves an older process alone while somebody uses it", async () => {
    await serve(1);
    const older = await call(1);
    assert.equal(await echo(await call(2)), "1:hello");
    older.destroy();
    assert.deepEqual(retired, []);
  });

  it("replaces an older process whose users are all newer, once nothing is under way", async () => {
    let busy = true;
    const older = await serve(1, { isBusy: () => busy });
    const [one, two] = [await call(2), await call(3)];
    assert.deepEqual([await echo(one), await echo(two), older?.older], ["1:hello", "1:hello", 0]);
    older?.makeRoom();
    assert.deepEqual(retired, []);
    busy = false;
    older?.makeRoom();
    assert.deepEqual(retired, [1]);
    assert.equal(await echo(await call(2, () => serve(2))), "2:hello");
  });

  it("keeps an older process for as long as one of its users is not newer", async () => {
    const older = await serve(2);
    const [keeps] = [await call(1), await call(3)];
    older?.makeRoom();
    assert.deepEqual([retired, older?.older], [[], 1]);
    const served = sockets[0];
    keeps.destroy();
    if (served) await gone(served);
    older?.makeRoom();
    assert.deepEqual(retired, [2]);
  });

  it("counts a client that left as gone", async () => {
    await serve(1);
    const client = await call(1);
    const served = sockets[0];
    client.destroy();
    if (served) await gone(served);
    assert.equal(await echo(await call(2, () => serve(2))), "2:hello");
  });

  it("ends ping-pong: after three replacements in a minute the newer one attaches", async () => {
    const now = Date.now();
    writeRetirements(folder, [now - 3, now - 2, now - 1]);
    await serve(1);
    assert.equal(await echo(await call(2)), "1:hello");
  });

  it("waits for a predecessor that is still storing, then takes its place", async () => {
    const predecessor = await serve(1);
    predecessor?.stopAccepting();
    const successor = serve(2);
    setImmediate(() => predecessor?.dispose());
    assert.ok(await successor);
    assert.equal(readEndpoint(folder)?.address, join(folder, "rendezvous.sock"));
  });

  it("asks whether the place is taken without taking it", async () => {
    const path = join(folder, "rendezvous.life");
    assert.equal(isLocked(path), false);
    const listener = await serve(1);
    assert.deepEqual([isLocked(path), isLocked(path)], [true, true]);
    listener?.dispose();
    assert.equal(isLocked(path), false);
  });

  it("makes the files of its locks private whatever the umask is, and says where nothing can be written", function () {
    if (process.platform === "win32") skip(this, "Windows has no umask");
    const before = process.umask(0);
    try {
      const path = join(folder, "lock");
      tryLock(path)?.release();
      assert.equal(statSync(path).mode & 0o777, 0o600);
      chmodSync(path, 0o644);
      tryLock(path)?.release();
      assert.equal(statSync(path).mode & 0o777, 0o600);
    } finally {
      process.umask(before);
    }
    assert.throws(
      () => tryLock(join(folder, "nowhere", "lock")),
      /Nothing can be written to .*nowhere \(.*CHAT_ROOM_HOME/,
    );
  });

  it("has a lock that is one holder's, and another's when it was given back", () => {
    const path = join(folder, "lock");
    const held = tryLock(path);
    assert.ok(held);
    assert.equal(tryLock(path), undefined);
    held.release();
    held.release();
    tryLock(path)?.release();
  });
});
