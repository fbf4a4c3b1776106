/** The manager's own idea of the time, which a drill may shift; the database and the broker keep real time. */
export class Clock {
  offsetMs: number;

  constructor(offsetMs: number) {
    this.offsetMs = offsetMs;
  }

  nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /** `YYYY-MM-DDTHH:MM:SS.mmmZ` */
  stamp(): string {
    return this.now().toISOString();
  }
}
