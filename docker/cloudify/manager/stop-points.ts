import { setTimeout as sleep } from "node:timers/promises";

const holdPollMs = 100;

/**
 * Named points of a restore: `<point>` ends the process there as a crash would, with exit code 137 and nothing cleaned up;
 * `hold:<point>` waits there until another point, or none, is asked for.
 */
export class StopPoints {
  at: string;

  constructor(at: string) {
    this.at = at;
  }

  async reach(point: string): Promise<void> {
    if (this.at === point) {
      console.error(`stopped at ${point}, as asked`);
      process.exit(137);
    }
    if (this.at !== `hold:${point}`) return;
    console.error(`held at ${point}, as asked`);
    while (this.at === `hold:${point}`) await sleep(holdPollMs);
    console.error(`let go at ${point}`);
  }
}
