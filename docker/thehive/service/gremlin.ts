/** Client of the graph server's HTTP end point. Scripts are few and constant, so that the server compiles each once. */
export class Graph {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Runs a script whose last value is a JSON text. @throws Error with the server's message. */
  async run(
    script: string,
    bindings: Readonly<Record<string, unknown>> = {},
    timeoutMs = 60_000,
  ): Promise<unknown> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/vnd.gremlin-v3.0+json" },
      body: JSON.stringify({ gremlin: script, bindings, language: "gremlin-groovy" }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(messageOf(answer) ?? `graph server answered ${response.status}`);
    const text = firstText(answer);
    return text === undefined ? undefined : JSON.parse(text);
  }
}

function messageOf(answer: unknown): string | undefined {
  return typeof answer === "object" && answer !== null && "message" in answer
    ? String(answer.message)
    : undefined;
}

/** The one string in a GraphSON answer of one value. */
function firstText(answer: unknown): string | undefined {
  if (typeof answer === "string") return answer;
  if (typeof answer !== "object" || answer === null) return undefined;
  const values: unknown[] = Array.isArray(answer)
    ? answer
    : "result" in answer
      ? [answer.result]
      : "data" in answer
        ? [answer.data]
        : "@value" in answer
          ? [answer["@value"]]
          : [];
  for (const value of values) {
    const text = firstText(value);
    if (text !== undefined) return text;
  }
  return undefined;
}
