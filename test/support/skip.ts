// Skips a test that cannot run here and prints the reason: mocha's own `skip` takes none.

/** @param test `this` of the test, or of a hook for all tests in its block */
export function skip(test: Mocha.Context, why: string): never {
  console.log(`      skipped: ${why}`);
  return test.skip();
}
