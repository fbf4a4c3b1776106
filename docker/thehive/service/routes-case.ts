import { pickFields, readBody } from "./body.ts";
import { apiId, render } from "./entities.ts";
import { ApiError, type Call, type Route } from "./http.ts";
import { parseQuery } from "./query.ts";
import type { Session, Sessions } from "./session.ts";
import type { Store } from "./store.ts";

interface EntityKind {
  readonly label: string;
  readonly path: string;
  readonly fields: readonly string[];
  readonly required: readonly string[];
  readonly status?: string;
  readonly parent?: {
    readonly label: string;
    readonly path: string;
    readonly edge: string;
    readonly field: string;
  };
  readonly attachmentEdge?: string;
}

const kinds: readonly EntityKind[] = [
  {
    label: "Case",
    path: "case",
    fields: ["title", "description", "severity", "tags", "status"],
    required: ["title", "description"],
    status: "New",
  },
  {
    label: "Alert",
    path: "alert",
    fields: ["type", "source", "sourceRef", "title", "description", "severity", "tags", "status"],
    required: ["type", "source", "sourceRef", "title", "description"],
    status: "New",
  },
  {
    label: "Task",
    path: "task",
    fields: ["title", "group", "description", "status"],
    required: ["title"],
    status: "Waiting",
    parent: { label: "Case", path: "case", edge: "CaseTask", field: "caseId" },
  },
  {
    label: "Log",
    path: "log",
    fields: ["message"],
    required: ["message"],
    parent: { label: "Task", path: "task", edge: "TaskLog", field: "taskId" },
    attachmentEdge: "LogAttachment",
  },
  {
    label: "Observable",
    path: "observable",
    fields: ["dataType", "data", "message", "tags"],
    required: ["dataType"],
    parent: { label: "Case", path: "case", edge: "CaseObservable", field: "caseId" },
    attachmentEdge: "ObservableAttachment",
  },
];

/** Cases, alerts, tasks, logs and observables, their attachments, and queries over them. */
export function caseRoutes(store: Store, sessions: Sessions): Route[] {
  return [
    ...kinds.flatMap((kind) => entityRoutes(kind, store, sessions)),
    promotionRoute(store, sessions),
    queryRoute(store, sessions),
    ...downloadRoutes(store, sessions),
  ];
}

function entityRoutes(kind: EntityKind, store: Store, sessions: Sessions): Route[] {
  const { label, path, parent } = kind;
  const create = async ({ request, parameters }: Call) => {
    const session = await sessions.of(request);
    return { status: 201, json: render(await createEntity(kind, store, session, request, parameters[0])) };
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
        const session = await sessions.of(request);
        const fields = pickFields((await readBody(request)).fields, kind.fields, []);
        await store.update(label, id, { ...fields, updatedBy: session.login, updatedAt: Date.now() });
        return { status: 204 };
      },
    },
    {
      method: "DELETE",
      path: `/api/v1/${path}/*`,
      handle: async ({ request, parameters: [id = ""] }) => {
        await sessions.of(request);
        await store.remove(label, id);
        return { status: 204 };
      },
    },
  ];
}

async function createEntity(
  kind: EntityKind,
  store: Store,
  session: Session,
  request: Request,
  parentId: string | undefined,
) {
  const body = await readBody(request);
  const fields = pickFields(body.fields, kind.fields, kind.required);
  if (kind.attachmentEdge === undefined && body.files.length > 0)
    throw new ApiError(400, "BadRequest", `A ${kind.label} takes no files`);
  const parent = kind.parent === undefined ? undefined : await store.read(kind.parent.label, parentId ?? "");
  // Files first: a row never points at a file that is still to be written.
  const files = await Promise.all(body.files.map((file) => store.files.save(file)));
  return await store.create({
    label: kind.label,
    fields: {
      ...(kind.status === undefined ? {} : { status: kind.status }),
      ...fields,
      ...(kind.label === "Case" ? { number: await store.nextCaseNumber() } : {}),
      ...(parent === undefined || kind.parent === undefined ? {} : { [kind.parent.field]: apiId(parent.id) }),
      createdBy: session.login,
      createdAt: Date.now(),
    },
    files,
    ...(kind.attachmentEdge === undefined ? {} : { attachmentEdge: kind.attachmentEdge }),
    ...(parent === undefined || kind.parent === undefined
      ? {}
      : { parent: { id: parent.id, edge: kind.parent.edge } }),
  });
}

/** Promotion: a case made of an alert; the alert then names the case. */
function promotionRoute(store: Store, sessions: Sessions): Route {
  return {
    method: "POST",
    path: "/api/v1/alert/*/case",
    handle: async ({ request, parameters: [id = ""] }) => {
      const session = await sessions.of(request);
      const alert = await store.read("Alert", id);
      if (alert.fields["caseId"] !== undefined)
        throw new ApiError(400, "BadRequest", `Alert ${id} is already imported`);
      const given = pickFields(
        (await readBody(request)).fields,
        ["title", "description", "severity", "tags"],
        [],
      );
      const { title, description, tags } = alert.fields;
      const fields = {
        title,
        description,
        tags,
        status: "New",
        ...given,
        number: await store.nextCaseNumber(),
        createdBy: session.login,
        createdAt: Date.now(),
      };
      const { it = "" } = await store.mutate([
        { op: "add", ref: "it", label: "Case", fields },
        { op: "edge", from: alert.id, label: "AlertCase", to: "it" },
      ]);
      await store.mutate([
        {
          op: "set",
          id: alert.id,
          fields: { caseId: apiId(it), status: "Imported", updatedBy: session.login, updatedAt: Date.now() },
        },
      ]);
      return { status: 201, json: render(await store.read("Case", apiId(it))) };
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
      if (countOnly) return { status: 200, json: await store.count(listing.label, listing.search) };
      return { status: 200, json: (await store.list(listing)).map((vertex) => render(vertex)) };
    },
  };
}

function downloadRoutes(store: Store, sessions: Sessions): Route[] {
  return (["Log", "Observable"] as const).map((label) => ({
    method: "GET",
    path: `/api/v1/${label.toLowerCase()}/*/attachment/*/download`,
    handle: async ({ request, parameters: [id = "", attachmentId = ""] }) => {
      await sessions.of(request);
      const attachment = (await store.read(label, id)).attachments.find(
        ({ fields }) => fields["attachmentId"] === attachmentId,
      );
      if (attachment === undefined)
        throw new ApiError(404, "NotFoundError", `Attachment ${attachmentId} not found`);
      const bytes = store.files.open(attachmentId);
      // TheHive answers a missing file with a server error: the row promised it.
      if (bytes === undefined) throw new Error(`Attachment ${attachmentId} has no file`);
      return {
        status: 200,
        bytes,
        headers: {
          "content-type": String(attachment.fields["contentType"]),
          "content-length": String(attachment.fields["size"]),
        },
      };
    },
  }));
}
