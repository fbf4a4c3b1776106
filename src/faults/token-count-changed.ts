import { copiesStore, defineFault } from "../core/fault.ts";
import { named, replaced } from "../damage/files.ts";

/** The configuration asks for another number of tokens than the data was written with; the server refuses to start. */
export default defineFault({
  id: "token-count-changed",
  title: "The server has another number of tokens than its data",
  source: "dossier F16: wrong num_tokens",
  caughtBy: ["restore-follows-order"],
  target: { components: "all" },
  fits: copiesStore("cassandra"),
  inject: named("config/deployment/.env", replaced(/^(CASSANDRA_NUM_TOKENS=).*$/m, "$116")),
});
