// Creates elements with class, attributes and children. Texts only ever become text nodes, so no text can be interpreted as
// HTML.

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

/** Creates a codicon, hidden from screen readers. */
export function codicon(name: string, ...classes: string[]): HTMLElement {
  return element("span", { class: ["codicon", `codicon-${name}`, ...classes].join(" "), "aria-hidden": "true" });
}

/** Creates a button with a codicon; `words` are its name and its tooltip. */
export function iconButton(icon: string, words: string, pressed: () => void): HTMLButtonElement {
  const button = element("button", { class: "icon", type: "button", title: words, "aria-label": words }, codicon(icon));
  button.addEventListener("click", pressed);
  return button;
}
