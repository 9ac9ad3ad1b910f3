// Makes parts of a message that scroll on their own reachable by the keyboard, with a name, while they scroll. Others are
// left out of the tab order.

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) follow(target);
});
const labels = new WeakMap<Element, string>();

export function scrolling<E extends HTMLElement>(part: E, label: string): E {
  labels.set(part, label);
  watcher.observe(part);
  return part;
}

function follow(part: Element): void {
  const scrolls = part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight;
  if (scrolls === part.hasAttribute("tabindex")) return;
  const given = { tabindex: "0", role: "group", "aria-label": labels.get(part) ?? "" };
  for (const [name, value] of Object.entries(given)) {
    if (scrolls) part.setAttribute(name, value);
    else part.removeAttribute(name);
  }
}
