import assert from "node:assert/strict";
import { missingRuntimeFeatures } from "../../../../server/startup/check-runtime.ts";

describe("what the server needs", () => {
  it("is said plainly by a Node.js that is too old", () => {
    for (const enough of ["22.16.0", "22.21.3", "24.0.0"])
      assert.equal(missingRuntimeFeatures(enough), undefined, enough);
    for (const old of ["20.20.0", "22.15.1", "18.0.0"]) {
      assert.equal(missingRuntimeFeatures(old), `Node ${old} is too old for it. Use Node 22.16 or newer.`);
    }
  });

  it("is there where its tests run", () => {
    assert.equal(missingRuntimeFeatures(), undefined);
  });
});
