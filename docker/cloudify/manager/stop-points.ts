/** Ends the process at a named point of a restore, as a crash would: nothing is cleaned up, the exit code is 137. */
export class StopPoints {
  at: string;

  constructor(at: string) {
    this.at = at;
  }

  reach(point: string): void {
    if (this.at !== point) return;
    console.error(`stopped at ${point}, as asked`);
    process.exit(137);
  }
}
