import assert from "node:assert/strict";
import { Views } from "../../../../daemon/windows/views.ts";
import { notice } from "../../../../protocol/api/notifications.ts";

describe("what is said aloud to views", () => {
  const open = (views: Views, id: number): string[] => {
    const heard: string[] = [];
    const notify = (method: string, params: object): void => {
      if (method === notice.method) heard.push((params as { text: string }).text);
    };
    views.add({ id, notify, dispose: () => undefined });
    return heard;
  };

  it("reaches every view that is there, once", () => {
    const views = new Views();
    const [one, other] = [open(views, 1), open(views, 2)];
    views.draws(1);
    views.announce("damaged");
    views.draws(2);
    assert.deepEqual([one, other], [["damaged"], ["damaged"]]);
  });

  it("waits for the first view that shows things to a person", () => {
    const views = new Views();
    views.announce("damaged");
    const [commandLine, window, later] = [open(views, 1), open(views, 2), open(views, 3)];
    views.draws(2);
    views.draws(3);
    assert.deepEqual([commandLine, window, later], [[], ["damaged"], []]);
  });

  it("goes to one view only where it is meant for one", () => {
    const views = new Views();
    const [one, other] = [open(views, 1), open(views, 2)];
    views.to(2, notice, { text: "for two" });
    views.to(9, notice, { text: "for nobody" });
    assert.deepEqual([one, other], [[], ["for two"]]);
  });
});
