// Whether a folder is on a network file system, as home folders of a laboratory or an office may be. Only Linux reports it;
// elsewhere a state folder is assumed to be on the machine.

import { readFileSync, realpathSync } from "node:fs";
import { dirname } from "node:path";

const remoteTypes =
  /^(nfs|nfs4|cifs|smb3|smbfs|ncpfs|afs|coda|ceph|lustre|gpfs|beegfs|glusterfs|fuse\.(sshfs|glusterfs|ceph|ceph-fuse|beegfs|rclone|s3fs|smbnetfs))$/;

/** @param folder need not exist yet */
export function isRemote(folder: string): boolean {
  if (process.platform !== "linux") return false;
  try {
    return remoteTypes.test(typeOf(existing(folder), readFileSync("/proc/self/mountinfo", "utf8")) ?? "");
  } catch {
    return false;
  }
}

/**
 * The type of the file system that holds that path: of the nearest mount point above it, and the newest one there.
 * @param mountinfo as in proc_pid_mountinfo(5)
 */
export function typeOf(path: string, mountinfo: string): string | undefined {
  let nearest: { readonly point: string; readonly type: string | undefined } | undefined;
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const point = before.split(" ")[4]?.replace(/\\([0-7]{3})/g, (_, octal: string) => character(octal));
    if (point === undefined || !isBelow(path, point)) continue;
    if (nearest === undefined || point.length >= nearest.point.length) nearest = { point, type: after.split(" ")[0] };
  }
  return nearest?.type;
}

function character(octal: string): string {
  return String.fromCharCode(Number.parseInt(octal, 8));
}

function isBelow(path: string, point: string): boolean {
  return point === "/" || path === point || path.startsWith(`${point}/`);
}

/** The part of the path that exists, with links resolved. */
function existing(folder: string): string {
  for (let path = folder; ; path = dirname(path)) {
    try {
      return realpathSync(path);
    } catch (error) {
      if (path === dirname(path)) throw error;
    }
  }
}
