import type { Seen } from "../../core/system.ts";
import type { RabbitmqStore } from "../../stores/rabbitmq.ts";
import { defaultTenant } from "./manager-client.ts";
import { seen } from "./observe-api.ts";
import type { ScheduledMessage } from "./scheduled-state.ts";

/** What the broker holds; it is in no snapshot, so that a restore makes it anew. */

const vhostPrefix = "rabbitmq_vhost_";

export async function* observeBroker(
  broker: RabbitmqStore,
  messages: readonly ScheduledMessage[],
): AsyncIterable<Seen> {
  for (const vhost of await broker.vhosts()) {
    if (!vhost.startsWith(vhostPrefix)) continue;
    const tenant = vhost.slice(vhostPrefix.length);
    if (tenant !== defaultTenant) yield seen("tenant-vhost", tenant, null);
  }
  for (const { executionId, messages: count, digest, delayMs } of messages) {
    const common = { table: "observations", id: executionId, bytes: null } as const;
    yield { ...common, kind: "scheduled-message", digest, seq: count };
    yield { ...common, kind: "scheduled-delay", digest: null, seq: delayMs };
  }
}
