import { setTimeout as sleep } from "node:timers/promises";
import {
  connect,
  TimeoutError,
  type Browser as Client,
  type BrowserContext,
  type Page as ClientPage,
} from "puppeteer-core";
import { z } from "zod";
import { MusterError, messageOf } from "../core/errors.ts";
import { canonicalText } from "./digest.ts";

/** Looks at pages with a Chromium that listens on its debugging port. The only place that imports puppeteer. */

const callLimitMs = 30_000;
const pollMs = 250;
const quietMs = 250;
const quietLimitMs = 3_000;
const window = { width: 1280, height: 900 } as const;

const versionSchema = z.object({ webSocketDebuggerUrl: z.url() });

export interface BrowserAddress {
  readonly host: string;
  readonly port: number;
}

/** A session of its own: nothing of an earlier one, such as a login, is known in it. */
export class Browser implements AsyncDisposable {
  readonly #client: Client;
  readonly #context: BrowserContext;

  private constructor(client: Client, context: BrowserContext) {
    this.#client = client;
    this.#context = context;
  }

  /** @throws MusterError HARNESS where no browser answers */
  static async connect(address: BrowserAddress): Promise<Browser> {
    try {
      const client = await connect({
        browserWSEndpoint: await socketUrl(address),
        defaultViewport: window,
        protocolTimeout: callLimitMs,
      });
      return new Browser(client, await client.createBrowserContext());
    } catch (thrown) {
      throw new MusterError("HARNESS", {
        message: `no browser answers at ${address.host}:${address.port}: ${messageOf(thrown)}`,
        cause: thrown,
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    await this.#client.disconnect();
  }

  async open(): Promise<BrowserPage> {
    const page = await this.#context.newPage();
    page.setDefaultTimeout(callLimitMs);
    return new BrowserPage(page);
  }
}

/** One tab. What a page does not show in time is no failure: it is told by what the methods return. */
export class BrowserPage implements AsyncDisposable {
  readonly #page: ClientPage;

  constructor(page: ClientPage) {
    this.#page = page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#page.close();
  }

  /** Goes to an address; a server that does not answer leaves the browser's own page of an error. */
  async goTo(url: string): Promise<void> {
    await this.#page.goto(url, { waitUntil: "domcontentloaded" }).catch((thrown: unknown) => {
      if (!/net::ERR_|Navigation timeout/.test(messageOf(thrown))) throw thrown;
    });
  }

  /**
   * Reads the page again and again until it is complete and shows the same twice, or the limit has passed: a page fills
   * while it is read.
   * @returns what was read last
   */
  async readUntil<Value>(
    read: () => Promise<Value>,
    isComplete: (value: Value) => boolean,
    limitMs: number,
  ): Promise<Value> {
    const endsAt = performance.now() + limitMs;
    let before: string | undefined;
    while (true) {
      const isLast = performance.now() > endsAt;
      try {
        const value = await read();
        const now = isComplete(value) ? canonicalText(value) : undefined;
        if (isLast || (now !== undefined && now === before)) return value;
        before = now;
      } catch (thrown) {
        if (isLast || !isBeingReplaced(thrown)) throw thrown;
      }
      await sleep(pollMs);
    }
  }

  /** What every element of a selector shows, in the order of the page. */
  async texts(selector: string): Promise<readonly string[]> {
    return await this.#each(selector, `one.innerText ?? ""`);
  }

  /** An attribute of every element of a selector, in the order of the page. */
  async attributes(selector: string, name: string): Promise<readonly string[]> {
    return await this.#each(selector, `one.getAttribute(${JSON.stringify(name)}) ?? ""`);
  }

  /** What stands in every field of a selector, in the order of the page. */
  async values(selector: string): Promise<readonly string[]> {
    return await this.#each(selector, `one.value ?? ""`);
  }

  /** Size of the window, light or dark, and whether the page may run scripts; all hold from the next page on. */
  async show(look: {
    readonly width: number;
    readonly height: number;
    readonly colors: "light" | "dark";
    readonly scripts: boolean;
  }): Promise<void> {
    await this.#page.setViewport({ width: look.width, height: look.height });
    await this.#page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: look.colors }]);
    await this.#page.setJavaScriptEnabled(look.scripts);
  }

  /** What an expression gives in the page, which the policy of the page does not keep from running. */
  async evaluate(expression: string): Promise<unknown> {
    return await this.#page.evaluate(expression);
  }

  async click(selector: string): Promise<void> {
    await this.#page.locator(selector).click();
  }

  async fill(selector: string, text: string): Promise<void> {
    await this.#page.locator(selector).fill(text);
  }

  /** Clicks what leads to another page, and waits for that. */
  async follow(selector: string): Promise<void> {
    await Promise.all([
      this.#page.waitForNavigation({ waitUntil: "domcontentloaded" }),
      this.#page.locator(selector).click(),
    ]);
  }

  /** Waits a little for what is still loading, without which texts are blank. @returns a PNG of the window */
  async screenshot(): Promise<Uint8Array> {
    await this.#page
      .waitForNetworkIdle({ idleTime: quietMs, timeout: quietLimitMs })
      .catch((thrown: unknown) => {
        if (!(thrown instanceof TimeoutError)) throw thrown;
      });
    const limit = `new Promise((resolve) => setTimeout(resolve, ${quietLimitMs}))`;
    await this.#page.evaluate(`Promise.race([document.fonts.ready, ${limit}]).then(() => undefined)`);
    return await this.#page.screenshot({ type: "png" });
  }

  async #each(selector: string, expression: string): Promise<readonly string[]> {
    const elements = `[...document.querySelectorAll(${JSON.stringify(selector)})]`;
    return z.array(z.string()).parse(await this.#page.evaluate(`${elements}.map((one) => ${expression})`));
  }
}

/** The page that was asked makes way for another one, which can be asked soon. */
function isBeingReplaced(thrown: unknown): boolean {
  return /context was destroyed|cannot find context|detached frame/i.test(messageOf(thrown));
}

/** Chromium names its own address there, which is not the one by which it is reached. */
async function socketUrl({ host, port }: BrowserAddress): Promise<string> {
  const answer = await fetch(`http://${host}:${port}/json/version`, {
    signal: AbortSignal.timeout(callLimitMs),
  });
  const url = new URL(versionSchema.parse(await answer.json()).webSocketDebuggerUrl);
  url.host = `${host}:${port}`;
  return url.href;
}
