import type { Seen } from "./system.ts";

/** One record seen; what is not known is null. */
export function observation(
  kind: string,
  id: string,
  known: { readonly digest?: string; readonly seq?: number; readonly bytes?: number } = {},
): Seen {
  return {
    table: "observations",
    kind,
    id,
    digest: known.digest ?? null,
    seq: known.seq ?? null,
    bytes: known.bytes ?? null,
  };
}

/** A reference of one record of the API to another component's record. */
export function reference(
  from: { readonly kind: string; readonly id: string },
  to: { readonly component: string; readonly kind: string; readonly id: string },
  label: string,
): Seen {
  return {
    table: "links",
    from_kind: from.kind,
    from_id: from.id,
    to_component: to.component,
    to_kind: to.kind,
    to_id: to.id,
    label,
  };
}
