// Identifies this machine by the id that the system got when it was installed. It survives a restart and differs per
// machine. Hashed, because the id itself is private. The host name is not used, because it changes with networks.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const timeoutMs = 2_000;

/** @returns undefined if the system does not provide an id, as in some containers; then machines cannot be told apart */
export function machineName(platform: NodeJS.Platform = process.platform): string | undefined {
  const named = rawName(platform)?.trim();
  if (named === undefined || named === "" || named === "uninitialized") return undefined;
  return createHash("sha256").update(`chat-room machine\n${named}`).digest("base64url").slice(0, 22);
}

function rawName(platform: NodeJS.Platform): string | undefined {
  switch (platform) {
    case "win32": {
      const program = join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "reg.exe");
      const key = ["query", "HKLM\\SOFTWARE\\Microsoft\\Cryptography", "/v", "MachineGuid"];
      return /MachineGuid\s+REG_SZ\s+(\S+)/.exec(outputOf(program, key))?.[1];
    }
    case "darwin":
      return /"IOPlatformUUID" = "([^"]+)"/.exec(
        outputOf("/usr/sbin/ioreg", ["-rd1", "-c", "IOPlatformExpertDevice"]),
      )?.[1];
    default:
      return ["/etc/machine-id", "/var/lib/dbus/machine-id"].map(read).find((text) => text !== undefined);
  }
}

function outputOf(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, {
      ...{ encoding: "utf8", timeout: timeoutMs, windowsHide: true, stdio: ["ignore", "pipe", "ignore"] },
    });
  } catch {
    return "";
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
