import assert from "node:assert/strict";
import { definitions } from "../../../../extension/settings/definitions.ts";
import { readValue } from "../../../../extension/settings/setting.ts";
import type { SettingDefinition } from "../../../../extension/settings/setting.ts";

describe("A setting", () => {
  const rows = Object.entries<SettingDefinition>(definitions);

  it("has its default where the value is none that it may have", () => {
    for (const [name, row] of rows) {
      for (const wrong of [undefined, null, 0.5, {}, " "]) assert.deepEqual(readValue(row, wrong), row.default, name);
      assert.deepEqual(readValue(row, row.default), row.default, name);
    }
  });

  it("is read by its definition", () => {
    assert.equal(readValue(definitions.server, " host:1 "), "host:1");
    assert.equal(readValue(definitions.notifications, "mentions"), "mentions");
    assert.equal(readValue(definitions.notifications, false), "off");
    assert.equal(readValue(definitions.notifications, "toString"), "on");
    assert.equal(readValue(definitions.sendTyping, false), false);
    assert.equal(readValue(definitions.sendTyping, "no"), true);
    assert.equal(readValue(definitions.p2pPort, 65_535), 65_535);
    assert.equal(readValue(definitions.p2pPort, 65_536), 0);
    const many = Array.from({ length: 40 }, (_, index) => `eth${index}`);
    assert.deepEqual(readValue(definitions.p2pInterfaces, [1, " ", " eth0 ", "x".repeat(65), ...many]), [
      "eth0",
      ...many.slice(0, 31),
    ]);
  });

  it("cannot be changed by a repository", () => {
    for (const [name, { scope = "application" }] of rows) assert.equal(scope, "application", name);
  });

  it("stays on a machine where it concerns that machine only", () => {
    const kept = rows.filter(([, row]) => row.ignoreSync === true).map(([name]) => name);
    assert.deepEqual(kept, ["p2pInterfaces", "p2pPort"]);
  });

  it("has one description, and an order of its own", () => {
    for (const [name, row] of rows) {
      assert.equal([row.description, row.markdownDescription].filter((each) => each !== undefined).length, 1, name);
    }
    const orders = rows.map(([, { order }]) => order);
    assert.equal(new Set(orders).size, orders.length);
  });
});
