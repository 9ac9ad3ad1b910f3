import assert from "node:assert/strict";
import { daemonRequests, paramsOf, tellDaemonSettings } from "../../../../extension/settings/daemon-settings.ts";
import type { RequestName } from "../../../../extension/settings/daemon-settings.ts";
import { definitions } from "../../../../extension/settings/definitions.ts";
import type { SettingName, Settings } from "../../../../extension/settings/definitions.ts";
import type { SettingDefinition } from "../../../../extension/settings/setting.ts";
import { Emitter } from "../../../../extension/ui/signal.ts";
import { mentionsSetting } from "../../../../protocol/api/language.ts";
import { setRetention } from "../../../../protocol/api/removal.ts";
import { setDirectMode } from "../../../../protocol/api/direct.ts";
import { setSignals } from "../../../../protocol/api/conversation.ts";
import { failure } from "../../../../protocol/errors.ts";
import { withApp, settings } from "../commands/app-stand-in.ts";
import { settled, silentLog } from "../stand-ins.ts";

async function following() {
  const { daemon, prompter } = await withApp();
  const emitters = new Map<SettingName, Emitter<undefined>>();
  const change = (changed: Partial<Settings>): void => {
    current = { ...current, ...changed };
    for (const name of Object.keys(changed)) emitters.get(name as SettingName)?.fire(undefined);
  };
  let current = settings;
  daemon.answer(setDirectMode, () => ({ ok: true }));
  daemon.answer(setSignals, () => ({ ok: true }));
  daemon.answer(setRetention, () => ({ ok: true }));
  const followed = tellDaemonSettings({
    ...{ daemon, prompter, log: silentLog },
    settings: () => current,
    changed: (names) => {
      const emitter = new Emitter<undefined>();
      for (const name of names) emitters.set(name, emitter);
      return { on: (listener) => emitter.on(listener), dispose: () => undefined };
    },
  });
  return { daemon, prompter, followed, change };
}

describe("The settings that the daemon acts on", () => {
  it("are told at once, and again at every connection", async () => {
    const { daemon } = await following();
    assert.deepEqual(daemon.askedFor(setDirectMode.method), [{ mode: "ask", interfaces: [], port: 0 }]);
    assert.deepEqual(daemon.askedFor(setSignals.method), [{ typing: true, readMarks: true }]);
    daemon.setLink({ state: "connecting" });
    assert.equal(daemon.askedFor(setSignals.method).length, 1);
    daemon.setLink({ state: "connected" });
    assert.equal(daemon.askedFor(setDirectMode.method).length, 2);
    assert.equal(daemon.askedFor(setSignals.method).length, 2);
  });

  it("switch typing signals and read marks off as soon as the person does, and nothing else", async () => {
    const { daemon, change } = await following();
    change({ sendTyping: false, sendReadMarks: false });
    assert.deepEqual(daemon.askedFor(setSignals.method).at(-1), { typing: false, readMarks: false });
    assert.equal(daemon.askedFor(setDirectMode.method).length, 1);
  });

  it("say how long messages are kept, and that they are kept for ever", async () => {
    const { daemon, change } = await following();
    change({ keepHistory: "90 days" });
    change({ keepHistory: "forever" });
    assert.deepEqual(daemon.askedFor(setRetention.method), [{}, { days: 90 }, {}]);
  });

  it("are said not to be in force only to whoever has just changed them", async () => {
    const { daemon, prompter, change } = await following();
    daemon.answer(setSignals, () => failure("unavailable", "The disk is full."));
    daemon.setLink({ state: "connected" });
    await settled();
    assert.deepEqual(prompter.told, []);
    change({ sendTyping: false });
    await settled();
    assert.deepEqual(prompter.told, ["The settings for what others may see are not in force: The disk is full."]);
  });

  it("make up requests that the daemon takes, whatever they are set to", () => {
    const rows = Object.entries<SettingDefinition>(definitions);
    for (const [name, row] of rows) {
      const values = row.type === "choice" ? Object.keys(row.options) : [row.default];
      for (const value of values) {
        for (const [request, { request: declared }] of Object.entries(daemonRequests)) {
          const params = paramsOf(request as RequestName, { ...settings, [name]: value });
          assert.deepEqual(declared.params.read(params, ""), params);
        }
      }
      if (typeof row.daemon === "object") assert.ok(Object.hasOwn(daemonRequests, row.daemon.request), name);
      else if (row.daemon === "itself") assert.equal(`chatRoom.${name}`, mentionsSetting);
    }
  });

  it("are told no more once the window is gone", async () => {
    const { daemon, followed, change } = await following();
    followed.dispose();
    change({ p2p: "off" });
    daemon.setLink({ state: "connected" });
    assert.equal(daemon.askedFor(setDirectMode.method).length, 1);
  });
});
