/** Ends the output of a run with a line of its own that a program can read: "7 passed, 0 failed". */
export default class CountReporter {
  #suite;
  #errorsOutsideTests = 0;

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  onError() {
    this.#errorsOutsideTests += 1;
  }

  onEnd() {
    const outcomes = (this.#suite?.allTests() ?? []).map((each) => each.outcome());
    const count = (outcome) => outcomes.filter((each) => each === outcome).length;
    console.log(`${count('expected')} passed, ${count('unexpected') + this.#errorsOutsideTests} failed`);
  }
}
