// Making elements: class, attributes and children, texts only ever as text nodes. There is no way through here to
// interpret a text as HTML.

type Attributes = Readonly<Record<string, string | undefined>>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A codicon; says nothing to screen readers. */
export function codicon(name: string, ...classes: string[]): HTMLElement {
  return element("span", { class: ["codicon", `codicon-${name}`, ...classes].join(" "), "aria-hidden": "true" });
}

/** A button that shows a codicon; `words` are its name and its tooltip. */
export function iconButton(icon: string, words: string, pressed: () => void): HTMLButtonElement {
  const button = element("button", { class: "icon", type: "button", title: words, "aria-label": words }, codicon(icon));
  button.addEventListener("click", pressed);
  return button;
}
