import { mixSets } from "../damage/generations.ts";

/** Rows of a newer backup that refer to files of later than the copy. */
export default mixSets({
  id: "files-from-older-set",
  title: "The files come from an older backup than database and index",
  older: ["files"],
  caughtBy: ["acknowledged-writes-survive"],
});
