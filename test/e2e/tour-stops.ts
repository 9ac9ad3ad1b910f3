// Every stop of the tour, in the only order in which they can be reached: each begins where the one before left.

import { chat } from "./tour-chat.ts";
import { desk } from "./tour-desk.ts";
import { end } from "./tour-end.ts";
import { entrance } from "./tour-entrance.ts";
import type { Stop } from "./tour.ts";

export const stops: readonly Stop[] = [...entrance, ...chat, ...desk, ...end];
