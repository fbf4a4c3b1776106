import { asFields, asText } from "./json.ts";

const requestLimitMs = 60_000;

/** Client of the graph server's HTTP end point. Scripts are few and constant, so that the server compiles each once. */
export class Graph {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Runs a script whose last value is a JSON text, and parses that. @throws Error with the server's message. */
  async run(
    script: string,
    bindings: Readonly<Record<string, unknown>> = {},
    limitMs = requestLimitMs,
  ): Promise<unknown> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/vnd.gremlin-v3.0+json" },
      body: JSON.stringify({ gremlin: script, bindings, language: "gremlin-groovy" }),
      signal: AbortSignal.timeout(limitMs),
    });
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new Error(asText(asFields(answer)?.["message"]) ?? `graph server answered ${response.status}`);
    const text = firstText(asFields(asFields(answer)?.["result"])?.["data"]);
    if (text === undefined) throw new Error("graph server answered without a text");
    return JSON.parse(text);
  }
}

/** The text in a GraphSON list of one text: `{"@type": "g:List", "@value": ["…"]}`. */
function firstText(data: unknown): string | undefined {
  const values = asFields(data)?.["@value"];
  return asText(Array.isArray(values) ? values[0] : undefined);
}
