import { copiesStore, defineFault } from "../core/fault.ts";
import { givenTo } from "../damage/files.ts";

/** The folders of the database belong to another user: the server may not write into them. */
export default defineFault({
  id: "database-owner-lost",
  title: "The folders of the database belong to root",
  source: "dossier F19: wrong owner of data folders",
  caughtBy: ["restore-follows-order"],
  target: { components: ["cassandra", "sstables", "api"] },
  fits: copiesStore("cassandra"),
  inject: givenTo(0, /^cassandra\/(commitlog|data\/[^/]+)$/),
});
