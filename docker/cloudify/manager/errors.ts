/** A refusal in the vendor's envelope: `{message, error_code, server_traceback}`. Nothing has changed. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @param kind name of the resource as the vendor writes it, such as `Snapshot` */
export function notFound(kind: string, id: string): ApiError {
  return new ApiError(404, "not_found_error", `Requested \`${kind}\` with ID \`${id}\` was not found`);
}

export function conflict(message: string): ApiError {
  return new ApiError(409, "conflict_error", message);
}

export function badParameters(message: string): ApiError {
  return new ApiError(400, "bad_parameters_error", message);
}

export function forbidden(message: string): ApiError {
  return new ApiError(403, "forbidden_error", message);
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
