// The page of the gallery: a section per stop, a row per width, a column per theme.

import { sizeNames, themeNames } from "../../test/e2e/looks.ts";
import type { Size, Theme } from "../../test/e2e/looks.ts";

export interface Picture {
  readonly stop: string;
  readonly theme: Theme;
  readonly size: Size;
  /** Path relative to the page. */
  readonly file: string;
}

const style = `
  body { margin: 24px; font: 14px system-ui, sans-serif; background: #8b95a5; }
  h2 { margin: 32px 0 8px; }
  .row { display: flex; gap: 12px; margin-bottom: 12px; align-items: start; }
  .row a { flex: 1; min-width: 0; }
  .row img { width: 100%; box-shadow: 0 2px 12px #0006; }
`;

export function galleryPage(pictures: readonly Picture[]): string {
  const image = (stop: string, theme: Theme, size: Size): string => {
    const found = pictures.find((each) => each.stop === stop && each.theme === theme && each.size === size);
    if (found === undefined) return "";
    const words = [stop, theme, size].join(", ");
    return `<a href="${found.file}"><img src="${found.file}" alt="${words}" title="${words}"></a>`;
  };
  const names = [...new Set(pictures.map(({ stop }) => stop))];
  const sections = names.map((name) => {
    const rows = sizeNames.map(
      (size) => `<div class="row">${themeNames.map((theme) => image(name, theme, size)).join("")}</div>`,
    );
    return `<section><h2>${name}</h2>${rows.join("\n")}</section>`;
  });
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Chat Room: gallery</title><style>${style}</style></head>
<body><h1>Chat Room</h1>${sections.join("\n")}</body></html>
`;
}
