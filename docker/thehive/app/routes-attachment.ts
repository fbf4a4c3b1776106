import { vertexIdOf, type Attachment } from "./entities.ts";
import { ApiError, type Answer, type Route } from "./http.ts";
import { asText } from "./json.ts";
import type { Sessions } from "./session.ts";
import type { Store } from "./store.ts";

/** Downloads: of a log's or an observable's file by its SHA-256 or `_id`, and of any attachment by its `_id`. */
export function attachmentRoutes(store: Store, sessions: Sessions): readonly Route[] {
  const ofParent = (["Log", "Observable"] as const).map((label): Route => ({
    method: "GET",
    path: `/api/v1/${label.toLowerCase()}/*/attachment/*/download`,
    handle: async ({ request, parameters: [id = "", attachmentId = ""] }) => {
      await sessions.of(request);
      const { attachments } = await store.read(label, id);
      const found = attachments.find(
        (candidate) =>
          candidate.fields["attachmentId"] === attachmentId || candidate.id === vertexIdOf(attachmentId),
      );
      if (found === undefined)
        throw new ApiError(404, "NotFoundError", `Attachment ${attachmentId} not found`);
      return await download(store, found);
    },
  }));
  const direct: Route = {
    method: "GET",
    path: "/api/v1/attachment/*/download",
    handle: async ({ request, parameters: [id = ""] }) => {
      await sessions.of(request);
      return await download(store, await store.read("Attachment", id));
    },
  };
  return [...ofParent, direct];
}

async function download(store: Store, { id, fields }: Attachment): Promise<Answer> {
  const bytes = await store.openFile(asText(fields["attachmentId"]) ?? "");
  // A server error, not a 404: the row promises the file.
  if (bytes === undefined) throw new Error(`Attachment ~${id} has no file`);
  // No content-length: the file is sent as it is, also where it has another size than its row says.
  return {
    status: 200,
    bytes,
    headers: { "content-type": asText(fields["contentType"]) ?? "application/octet-stream" },
  };
}
