import { defineFault } from "../core/fault.ts";
import { changeStep } from "../damage/changed-steps.ts";
import { keepsObjects } from "../damage/objects.ts";

/** An object of the state that was there before: a mirror without removal leaves it where it is. */
const leftOver = `docker compose up -d --wait s3
docker compose exec -T s3 bash -ec 'mkdir -p /data/thehive/attachment
  name=$(printf left-over | sha256sum | cut -c1-64)
  printf left-over > "/data/thehive/attachment/$name"'
`;

export default defineFault({
  id: "bucket-not-empty",
  title: "The bucket still holds an object of before",
  source: "dossier F32 and D13: mirrored back without removing what is too much",
  caughtBy: ["restore-follows-order", "no-unexplained-records"],
  target: { components: ["files"] },
  reorder: (blocks) => changeStep(blocks, "restore-files", (script) => `${leftOver}${script}`),
  fits: keepsObjects,
});
