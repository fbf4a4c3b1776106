import { defineFault } from "../core/fault.ts";

/** No fault at all: the undamaged set goes through the same restore, and a finding in it is a false alarm. */
export default defineFault({
  id: "healthy",
  title: "Nothing is damaged",
  source: "a control that shows that the others are told apart from what is whole",
  caughtBy: [],
  target: { components: [] },
  isDefault: true,
  expected: "nothing",
  fits: () => true,
});
