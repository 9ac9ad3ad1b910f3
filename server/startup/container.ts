// Detects a container, where the host name is an id that nobody outside can reach.

import { existsSync } from "node:fs";
import type { Environment } from "../../base/home/home.ts";

/** Docker and Podman create these. */
const marks = ["/.dockerenv", "/run/.containerenv"] as const;

export function inContainer(env: Environment, exists: (path: string) => boolean = existsSync): boolean {
  // Set by Podman and systemd-nspawn, and in every pod of Kubernetes.
  return Boolean(env["container"] ?? env["KUBERNETES_SERVICE_HOST"]) || marks.some((path) => exists(path));
}
