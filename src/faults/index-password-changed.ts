import { defineFault, hasStore } from "../core/fault.ts";
import { named, replaced } from "../damage/files.ts";

/** The deployment was initialised again before it was saved: its index has another password than the application knows. */
export default defineFault({
  id: "index-password-changed",
  title: "The index has another password than the application's settings",
  source: "dossier F18 and D18: init.sh gives a new password each time",
  caughtBy: ["restore-follows-order"],
  target: { components: ["elasticsearch", "api"] },
  fits: hasStore("elasticsearch"),
  inject: named(
    "config/deployment/.env",
    replaced(/^(ELASTIC_PASSWORD=).*$/m, "$1another-password-than-before"),
  ),
});
