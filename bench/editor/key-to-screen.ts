// From the key press in one person's VS Code to the frame in which the other's shows the message: two extension hosts, two
// daemons and the server, all on this machine. Both pages record times by the machine's clock.

import type { UserWindow } from "../../test/e2e/user-window.ts";

interface Noted {
  pressedAt: number;
  shown: Map<string, number>;
}

export async function keyToScreenMs(from: UserWindow, to: UserWindow, rounds: number): Promise<number[]> {
  await from.openChatFromTree(to.name);
  await to.openChatFromTree(from.name);
  const near = await from.chatWith(to.name);
  const far = await to.chatWith(from.name);
  await near.evaluate(() => {
    const noted = ((globalThis as unknown as { keys: Noted }).keys = { pressedAt: 0, shown: new Map() });
    const press = (event: KeyboardEvent): void => {
      if (event.key === "Enter") noted.pressedAt = performance.timeOrigin + event.timeStamp;
    };
    document.addEventListener("keydown", press, { capture: true });
  });
  await far.evaluate(() => {
    const noted = ((globalThis as unknown as { keys: Noted }).keys = { pressedAt: 0, shown: new Map() });
    const look = (): void => {
      const text = [...document.querySelectorAll("[role=log] article")].at(-1)?.textContent ?? "";
      const word = /round-\d+-end/.exec(text)?.[0];
      if (word === undefined || noted.shown.has(word)) return;
      noted.shown.set(word, Number.NaN);
      requestAnimationFrame(() => setTimeout(() => noted.shown.set(word, performance.timeOrigin + performance.now())));
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  const found: number[] = [];
  for (let round = 0; round < rounds + 5; round++) {
    const word = `round-${round}-end`;
    await from.types(to.name, word);
    const shownAt = await far.waitForFunction((wanted) => {
      const at = (globalThis as unknown as { keys: Noted }).keys.shown.get(wanted);
      return at === undefined || Number.isNaN(at) ? undefined : at;
    }, word);
    const pressedAt = await near.evaluate(() => (globalThis as unknown as { keys: Noted }).keys.pressedAt);
    // The first rounds warm up.
    if (round >= 5) found.push(Number(await shownAt.jsonValue()) - pressedAt);
  }
  return found;
}
