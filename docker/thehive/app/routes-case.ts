import { audited, type AuditEntry } from "./audits.ts";
import { pickFields, readBody, type Body } from "./body.ts";
import { render } from "./entities.ts";
import { ApiError, type Call, type Route } from "./http.ts";
import type { Fields } from "./json.ts";
import { licensed } from "./licence.ts";
import { parseQuery } from "./query.ts";
import { ensureWritesCases, type Session, type Sessions } from "./session.ts";
import type { Creation, Store } from "./store.ts";

interface EntityKind {
  readonly label: string;
  readonly path: string;
  readonly fields: readonly string[];
  readonly required: readonly string[];
  /** Values that a new entity has where the call says nothing. */
  readonly initial: Fields;
  /** What an entity hangs on; one that hangs on nothing belongs to the organisation. */
  readonly parent?: {
    readonly label: string;
    readonly path: string;
    readonly edge: string;
    readonly field: string;
  };
  readonly unique?: readonly string[];
  readonly takesFiles: boolean;
}

const kinds: readonly EntityKind[] = [
  {
    label: "Case",
    path: "case",
    fields: ["title", "description", "severity", "tags", "status"],
    required: ["title", "description"],
    initial: { status: "New", severity: 2 },
    takesFiles: false,
  },
  {
    label: "Alert",
    path: "alert",
    fields: ["type", "source", "sourceRef", "title", "description", "severity", "tags", "status"],
    required: ["type", "source", "sourceRef", "title", "description"],
    initial: { status: "New", severity: 2 },
    unique: ["type", "source", "sourceRef"],
    takesFiles: false,
  },
  {
    label: "Task",
    path: "task",
    fields: ["title", "group", "description", "status"],
    required: ["title"],
    initial: { status: "Waiting", group: "default" },
    parent: { label: "Case", path: "case", edge: "CaseTask", field: "caseId" },
    takesFiles: false,
  },
  {
    label: "Log",
    path: "log",
    fields: ["message"],
    required: ["message"],
    initial: {},
    parent: { label: "Task", path: "task", edge: "TaskLog", field: "taskId" },
    takesFiles: true,
  },
  {
    label: "Observable",
    path: "observable",
    fields: ["dataType", "data", "message", "tags"],
    required: ["dataType"],
    initial: {},
    parent: { label: "Case", path: "case", edge: "CaseObservable", field: "caseId" },
    takesFiles: true,
  },
];

/**
 * Cases, alerts, tasks, logs and observables, and queries over every kind.
 * `addAudit` keeps an entry of every change, and is undefined where audits are not kept in an index; `trialBeganAt` in
 * milliseconds, undefined where the database has no trial licence.
 */
export function caseRoutes(
  store: Store,
  sessions: Sessions,
  {
    addAudit,
    trialBeganAt,
  }: {
    readonly addAudit: ((entry: AuditEntry) => Promise<void>) | undefined;
    readonly trialBeganAt: number | undefined;
  },
): readonly Route[] {
  const changing = licensed(
    [...kinds.flatMap((kind) => entityRoutes(kind, store, sessions)), promotionRoute(store, sessions)],
    trialBeganAt,
    Date.now,
  );
  return [
    ...(addAudit === undefined ? changing : changing.map((route) => audited(route, addAudit))),
    queryRoute(store, sessions),
  ];
}

function entityRoutes(kind: EntityKind, store: Store, sessions: Sessions): readonly Route[] {
  const { label, path, parent } = kind;
  const create = async ({ request, parameters }: Call) => {
    const session = await writerOf(sessions, request);
    const created = render(
      await store.create(creationOf(kind, session, await readBody(request), parameters[0] ?? "")),
    );
    // TheHive's own call answers a list, since one call may bring several observables.
    return { status: 201, json: label === "Observable" ? [created] : created };
  };
  return [
    {
      method: "POST",
      path: parent === undefined ? `/api/v1/${path}` : `/api/v1/${parent.path}/*/${path}`,
      handle: create,
    },
    {
      method: "GET",
      path: `/api/v1/${path}/*`,
      handle: async ({ request, parameters: [id = ""] }) => {
        await sessions.of(request);
        return { status: 200, json: render(await store.read(label, id)) };
      },
    },
    {
      method: "PATCH",
      path: `/api/v1/${path}/*`,
      handle: async ({ request, parameters: [id = ""] }) => {
        const session = await writerOf(sessions, request);
        const fields = pickFields((await readBody(request)).fields, kind.fields, []);
        await store.update(label, id, { ...fields, updatedBy: session.login, updatedAt: Date.now() });
        return { status: 204 };
      },
    },
    {
      method: "DELETE",
      path: `/api/v1/${path}/*`,
      handle: async ({ request, parameters: [id = ""] }) => {
        await writerOf(sessions, request);
        await store.remove(label, id);
        return { status: 204 };
      },
    },
  ];
}

function creationOf(kind: EntityKind, session: Session, { fields, files }: Body, parentId: string): Creation {
  const { label, parent, unique } = kind;
  const own = {
    ...kind.initial,
    ...pickFields(fields, kind.fields, kind.required),
    createdBy: session.login,
    createdAt: Date.now(),
  };
  if (!kind.takesFiles && files.length > 0) throw new ApiError(400, "BadRequest", `${label} takes no files`);
  if (label === "Observable" && files.length > 0 === "data" in own)
    throw new ApiError(400, "BadRequest", "An observable has either data or one attachment");
  if (label === "Observable" && files.length > 1)
    throw new ApiError(400, "BadRequest", "An observable has one attachment");
  return {
    label,
    files,
    fields: parent === undefined ? own : { ...own, [parent.field]: parentId },
    ...(parent === undefined
      ? { organisation: session.organisation }
      : { parent: { label: parent.label, id: parentId, edge: parent.edge } }),
    ...(unique === undefined ? {} : { unique }),
  };
}

/** Promotion: a case made of an alert; the alert then names the case. */
function promotionRoute(store: Store, sessions: Sessions): Route {
  return {
    method: "POST",
    path: "/api/v1/alert/*/case",
    handle: async ({ request, parameters: [id = ""] }) => {
      const session = await writerOf(sessions, request);
      const given = pickFields(
        (await readBody(request)).fields,
        ["title", "description", "severity", "tags", "status"],
        [],
      );
      const fields = { status: "New", ...given, createdBy: session.login, createdAt: Date.now() };
      return { status: 201, json: render(await store.promote(id, fields, session.organisation)) };
    },
  };
}

function queryRoute(store: Store, sessions: Sessions): Route {
  return {
    method: "POST",
    path: "/api/v1/query",
    handle: async ({ request }) => {
      await sessions.of(request);
      const { listing, countOnly } = parseQuery((await readBody(request)).fields);
      if (countOnly) return { status: 200, json: await store.count(listing) };
      return { status: 200, json: (await store.list(listing)).map((vertex) => render(vertex)) };
    },
  };
}

async function writerOf(sessions: Sessions, request: Request): Promise<Session> {
  const session = await sessions.of(request);
  ensureWritesCases(session);
  return session;
}
