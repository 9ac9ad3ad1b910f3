// The line above the composer that says why the conversation cannot continue as usual, and offers what the person can do.

import type { Banner, PanelAction } from "../../protocol/page/page-messages.ts";
import { codicon, element } from "./dom.ts";

export class BannerView {
  readonly root: HTMLElement = element("div", { class: "banner", role: "status", hidden: "" });
  readonly #act: (action: PanelAction) => void;
  #shown = "";

  constructor(act: (action: PanelAction) => void) {
    this.#act = act;
  }

  show(banner: Banner | undefined): void {
    const signature = JSON.stringify(banner ?? null);
    if (signature === this.#shown) return;
    this.#shown = signature;
    this.root.hidden = banner === undefined;
    this.root.replaceChildren();
    if (banner === undefined) return;
    this.root.classList.toggle("warning", banner.severity === "warning");
    const icon = banner.busy ? codicon("loading", "codicon-modifier-spin") : codicon(banner.severity);
    const words = element("span", { class: "words" }, banner.text);
    this.root.append(element("div", { class: "told" }, icon, words));
    for (const { id, label } of banner.actions) {
      const button = element("button", { class: "secondary", type: "button" }, label);
      button.addEventListener("click", () => this.#act(id));
      this.root.append(button);
    }
  }
}
