// Where a person reads: the message on top of the list, and how far it is scrolled.

export interface ScrollPosition {
  readonly node: HTMLElement;
  readonly seq: number;
  readonly offset: number;
}

export function placeIn(log: HTMLElement): ScrollPosition | undefined {
  const { scrollTop } = log;
  for (const node of log.querySelectorAll<HTMLElement>("article")) {
    const { offsetTop } = node;
    if (offsetTop + node.offsetHeight <= scrollTop) continue;
    return { node, offset: offsetTop - scrollTop, seq: Number(node.dataset["seq"]) };
  }
  return undefined;
}
