// Which turn of the event loop it is, as a number that grows: for whoever does only so much work in one turn. One callback per
// turn for all who ask, and none while nobody does.

let turn = 0;
let scheduled = false;

/** The same number until the event loop has looked at its sockets and timers again. */
export function currentTurn(): number {
  if (!scheduled) {
    scheduled = true;
    setImmediate(next);
  }
  return turn;
}

function next(): void {
  scheduled = false;
  turn += 1;
}
