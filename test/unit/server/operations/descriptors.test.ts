import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { descriptorLimit, openDescriptors, roomForConnections } from "../../../../server/operations/descriptors.ts";
import { skip } from "../../../support/skip.ts";

const source = fileURLToPath(new URL("../../../../server/operations/descriptors.ts", import.meta.url));

describe("descriptors", () => {
  it("are limited as the system says", function () {
    if (process.platform !== "linux") skip(this, "only Linux has /proc");
    const script = `import { descriptorLimit } from ${JSON.stringify(source)}; process.stdout.write(String(descriptorLimit()));`;
    const limited = 'ulimit -n 200; exec "$0" --input-type=module -e "$1"';
    const { stdout } = spawnSync("sh", ["-c", limited, process.execPath, script], { encoding: "utf8" });
    assert.equal(stdout, "200");
    assert.ok((descriptorLimit() ?? Infinity) > openDescriptors());
  });

  it("are kept back for files and metrics: 64 of them, but for fewer than 8 connections", () => {
    assert.equal(roomForConnections(1_024, 30), 930);
    assert.equal(roomForConnections(64, 30), 8);
    assert.equal(roomForConnections(undefined, 30), undefined);
  });
});
