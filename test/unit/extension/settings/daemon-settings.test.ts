import assert from "node:assert/strict";
import { tellDaemonSettings } from "../../../../extension/settings/daemon-settings.ts";
import { Emitter } from "../../../../extension/ui/signal.ts";
import { setRetention } from "../../../../protocol/api/removal.ts";
import { setDirectMode } from "../../../../protocol/api/direct.ts";
import { setSignals } from "../../../../protocol/api/conversation.ts";
import { failure } from "../../../../protocol/errors.ts";
import { withApp, settings } from "../commands/app-stand-in.ts";
import { settled, silentLog } from "../stand-ins.ts";

async function following() {
  const { daemon, prompter } = await withApp();
  const [directChanged, signalsChanged] = [new Emitter<undefined>(), new Emitter<undefined>()];
  const retentionChanged = new Emitter<undefined>();
  let current = settings;
  daemon.answer(setDirectMode, () => ({ ok: true }));
  daemon.answer(setSignals, () => ({ ok: true }));
  daemon.answer(setRetention, () => ({ ok: true }));
  const followed = tellDaemonSettings({
    ...{ daemon, prompter, directChanged, signalsChanged, retentionChanged, log: silentLog },
    settings: () => current,
  });
  const hide = (): void => {
    current = { ...settings, signals: { typing: false, readMarks: false } };
    signalsChanged.fire(undefined);
  };
  const keepFor = (keptDays: number | undefined): void => {
    current = { ...settings, keptDays };
    retentionChanged.fire(undefined);
  };
  return { daemon, prompter, followed, directChanged, hide, keepFor };
}

describe("The settings that the daemon acts on", () => {
  it("are told at once, and again at every connection", async () => {
    const { daemon } = await following();
    assert.deepEqual(daemon.askedFor(setDirectMode.method), [settings.direct]);
    assert.deepEqual(daemon.askedFor(setSignals.method), [settings.signals]);
    daemon.setLink({ state: "connecting" });
    assert.equal(daemon.askedFor(setSignals.method).length, 1);
    daemon.setLink({ state: "connected" });
    assert.equal(daemon.askedFor(setDirectMode.method).length, 2);
    assert.equal(daemon.askedFor(setSignals.method).length, 2);
  });

  it("switch typing signals and read marks off as soon as the person does, and nothing else", async () => {
    const { daemon, hide } = await following();
    hide();
    assert.deepEqual(daemon.askedFor(setSignals.method).at(-1), { typing: false, readMarks: false });
    assert.equal(daemon.askedFor(setDirectMode.method).length, 1);
  });

  it("say how long messages are kept, and that they are kept for ever", async () => {
    const { daemon, keepFor } = await following();
    keepFor(90);
    keepFor(undefined);
    assert.deepEqual(daemon.askedFor(setRetention.method), [{}, { days: 90 }, {}]);
  });

  it("are said not to be in force only to whoever has just changed them", async () => {
    const { daemon, prompter, hide } = await following();
    daemon.answer(setSignals, () => failure("unavailable", "The disk is full."));
    daemon.setLink({ state: "connected" });
    await settled();
    assert.deepEqual(prompter.told, []);
    hide();
    await settled();
    assert.deepEqual(prompter.told, ["The settings for what others may see are not in force: The disk is full."]);
  });

  it("are told no more once the window is gone", async () => {
    const { daemon, followed, directChanged } = await following();
    followed.dispose();
    directChanged.fire(undefined);
    daemon.setLink({ state: "connected" });
    assert.equal(daemon.askedFor(setDirectMode.method).length, 1);
  });
});
