// A test that cannot run here is skipped, and says in one line why: mocha's own `skip` takes no reason.

/** @param test `this` of the test, or of a hook for all tests beside it */
export function skip(test: Mocha.Context, why: string): never {
  console.log(`      skipped: ${why}`);
  return test.skip();
}
