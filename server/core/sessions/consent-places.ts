// How many questions may be open to one person at once [P-6.13]. The numbers are those of our daemon, so that a question the
// server lets through is shown. Some places are for people whom the person knows, and strangers at one address get few, so
// that many accounts of one person keep nobody else from asking.

const maxOpen = 8;
/** The others are for people whom the target knows. */
const maxWithStrangers = 5;
/** Of strangers at one address. */
const maxFromOnePlace = 2;

export interface Place {
  /** The address group it was asked from; undefined where many people share it. */
  readonly group: string | undefined;
  readonly isKnown: boolean;
}

export function hasPlace(open: readonly Place[], { group, isKnown }: Place): boolean {
  if (isKnown) return open.length < maxOpen;
  if (open.length >= maxWithStrangers) return false;
  if (group === undefined) return true;
  return open.filter((each) => !each.isKnown && each.group === group).length < maxFromOnePlace;
}
