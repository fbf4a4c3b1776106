import { z } from "zod";

/** One exported record. Source: Camunda 8.6 documentation, "Elasticsearch exporter"; seen on 8.6.0. */
export const recordSchema = z.object({
  partitionId: z.int(),
  position: z.int(),
  intent: z.string(),
  value: z.record(z.string(), z.unknown()),
});
export type ExportedRecord = z.infer<typeof recordSchema>;
