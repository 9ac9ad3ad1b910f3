import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { isRemote, typeOf } from "../../../../base/files/remote-folder.ts";

/** As in proc_pid_mountinfo(5). */
const mounts = [
  "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
  "40 22 0:50 / /home rw,relatime - autofs systemd-1 rw,fd=42",
  "41 40 0:51 / /home rw,relatime - nfs4 server:/export/home rw,vers=4.2",
  "42 41 8:2 / /home/me/local\\040disk rw - xfs /dev/sdb1 rw",
  "43 22 0:52 / /homework rw - fuse.sshfs me@host:/ rw",
  "",
].join("\n");

describe("a folder on the network", () => {
  it("is known by the mount that is nearest above it, and the newest there", () => {
    assert.equal(typeOf("/home/me/.local/state", mounts), "nfs4");
    assert.equal(typeOf("/home", mounts), "nfs4");
    assert.equal(typeOf("/home/me/local disk/state", mounts), "xfs");
    assert.equal(typeOf("/homework/x", mounts), "fuse.sshfs");
    assert.equal(typeOf("/homes/x", mounts), "ext4");
    assert.equal(typeOf("/", mounts), "ext4");
  });

  it("is not one on this machine's disk, nor one that nothing is known of", () => {
    assert.equal(isRemote(tmpdir()), false);
    assert.equal(isRemote("/nowhere/at/all"), false);
    assert.equal(typeOf("/x", ""), undefined);
  });
});
