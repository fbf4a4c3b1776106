/**
 * Every failure of the harness itself. A failure of the system under drill is a Finding, never an exception.
 * The code decides the exit status, so that a script can tell bad input from a broken machine.
 */

/** Exit status of the command line, as documented in docs/ARCHITECTURE.md. */
export const exitStatus = {
  verified: 0,
  notVerified: 1,
  inconclusive: 2,
  badInput: 3,
  cleanUpFailed: 4,
  interrupted: 130,
} as const;

const exitStatusOfCode = {
  BAD_ARGUMENT: exitStatus.badInput,
  BAD_DRILL: exitStatus.badInput,
  BAD_RUNBOOK: exitStatus.badInput,
  BAD_RUN_FOLDER: exitStatus.badInput,
  EVIDENCE_CHANGED: exitStatus.notVerified,
  UNKNOWN_NAME: exitStatus.badInput,
  NO_ENGINE: exitStatus.badInput,
  REFUSED: exitStatus.badInput,
  ENGINE_INSTALL_FAILED: exitStatus.inconclusive,
  IMAGE_UNAVAILABLE: exitStatus.inconclusive,
  DIGEST_MISMATCH: exitStatus.inconclusive,
  STACK_FAILED: exitStatus.inconclusive,
  TIMEOUT: exitStatus.inconclusive,
  HARNESS: exitStatus.inconclusive,
  CLEAN_UP_FAILED: exitStatus.cleanUpFailed,
  INTERRUPTED: exitStatus.interrupted,
} as const;

export type ErrorCode = keyof typeof exitStatusOfCode;

export interface ErrorParts {
  /** What was expected, what was seen and how long it was waited for; lower case, no full stop. */
  readonly message: string;
  /** One sentence to try. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** One failure of the harness: a stable code, one message, one hint. */
export class MusterError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, parts: ErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = "MusterError";
    this.code = code;
    this.hint = parts.hint;
  }

  get exitStatus(): number {
    return exitStatusOfCode[this.code];
  }
}

/** The message of anything thrown, for journals and for error causes. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
