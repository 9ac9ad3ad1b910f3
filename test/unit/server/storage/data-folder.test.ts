import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StartFailure } from "../../../../server/startup/start-errors.ts";
import { prepareDataFolder, programUser } from "../../../../server/storage/data-folder.ts";
import type { ProgramUser } from "../../../../server/storage/data-folder.ts";
import { skip } from "../../../support/skip.ts";

describe("the data folder", () => {
  let parent: string;
  let folder: string;
  let me: ProgramUser;

  beforeEach(function () {
    const user = programUser();
    if (!user) skip(this, "this system has no users by number");
    me = user;
    parent = mkdtempSync(join(tmpdir(), "chat-room-data-"));
    folder = join(parent, "data");
    prepareDataFolder(folder);
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  /** A program that everything here belongs to, and that is in no group of its own. */
  const alone = (): ProgramUser => ({ ...me, gid: me.uid + 1, groups: [] });
  const refused = (user: ProgramUser, words: RegExp) =>
    assert.throws(
      () => prepareDataFolder(folder, user),
      (error) => error instanceof StartFailure && error.exitCode === 3 && words.test(error.message),
    );

  it("is made for its user alone, and taken as it is if others can only read", () => {
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    chmodSync(folder, 0o755);
    prepareDataFolder(folder);
    assert.equal(statSync(folder).mode & 0o777, 0o755);
  });

  it("is refused if others can write to it", () => {
    for (const mode of [0o777, 0o702, 0o1777]) {
      chmodSync(folder, mode);
      refused(me, /Others can write .* chmod go-w/);
    }
  });

  it("is refused if a group can write to it, unless the user is alone in it", () => {
    const { gid } = statSync(folder);
    chmodSync(folder, 0o770);
    if (gid !== me.uid) refused(me, /Others can write/);
    else prepareDataFolder(folder);
    refused({ ...alone(), uid: me.uid + 7 }, me.uid === 0 ? /Others can write/ : /another user/);
  });

  it("is taken from an administrator who lets a group of the program write, as container platforms do", function () {
    if (me.uid !== 0) skip(this, "only an administrator can make such a folder");
    chownSync(folder, 0, 2_000);
    chmodSync(folder, 0o2775);
    prepareDataFolder(folder, { uid: 1_000, gid: 1_000, groups: [2_000] });
    refused({ uid: 1_000, gid: 1_000, groups: [3_000] }, /Others can write/);
  });

  it("is refused if it, or the database in it, belongs to another user", function () {
    if (me.uid !== 0) skip(this, "only an administrator can give files away");
    chownSync(folder, 1_000, 1_000);
    refused(me, /another user \(1000\)/);
    chownSync(folder, 2_000, 2_000);
    writeFileSync(join(folder, "chat-room.db"), "");
    chownSync(join(folder, "chat-room.db"), 1_000, 1_000);
    refused({ uid: 2_000, gid: 2_000, groups: [] }, /chat-room\.db belongs to another user \(1000\)/);
  });

  it("has its files closed to others again, if a mount or a copy opened them", () => {
    for (const name of ["chat-room.db", "chat-room.db-wal", "server.lock", "audit.log"]) {
      writeFileSync(join(folder, name), "");
      chmodSync(join(folder, name), 0o666);
    }
    prepareDataFolder(folder);
    for (const name of ["chat-room.db", "chat-room.db-wal", "server.lock", "audit.log"]) {
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
    }
  });
});
