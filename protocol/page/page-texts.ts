// The translations that the extension host puts into the page of a chat panel as data.

import { array, object, string } from "../validate.ts";

const text = string({ max: 2_048 });

export const pageTexts = array(object({ english: text, shown: text }), { max: 2_000 });
