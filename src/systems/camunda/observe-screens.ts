import { observation } from "../../core/seen.ts";
import type { Seen } from "../../core/system.ts";
import { Browser, type BrowserAddress, type BrowserPage } from "../../stores/browser.ts";
import { digestOf } from "../../stores/digest.ts";
import type { Ledger } from "./ledger.ts";
import { linesBefore, linesOf, processesIn, stateIn, withStates } from "./screen-texts.ts";
import { searchTasklist, type WebClient } from "./web-client.ts";

/** What a user sees in Operate and Tasklist (8.6.0), after login with Keycloak's form. */

/** By their names in the network of the stack, in which the browser is. */
const operateAddress = "http://operate:8080/operate";
const tasklistAddress = "http://tasklist:8080/tasklist";

/** Of the realm. */
const userName = "demo";
const reservedRef = "reserved-task";
const pageLimitMs = 20_000;

interface Options {
  readonly browser: BrowserAddress;
  readonly tasklist: WebClient;
  readonly ledger: Ledger;
  readonly password: string;
  readonly keepPicture: (screen: string, png: Uint8Array) => Promise<void>;
}

interface Screen<Texts = unknown> {
  readonly id: string;
  readonly url: string;
  read(page: BrowserPage): Promise<Texts>;
  /** Whether the page has shown everything that it shows when all is well. */
  isComplete(texts: Texts): boolean;
}

/** A page that does not show in time what it should is seen with what it does show. */
export async function* observeScreens(options: Options): AsyncIterable<Seen> {
  const instanceKey = options.ledger.find(reservedRef)?.instanceKey;
  await using browser = await Browser.connect(options.browser);
  yield* look(browser, operateProcesses, options);
  if (instanceKey === undefined) return; // It was never made.
  yield* look(browser, operateInstance(instanceKey), options);
  yield* look(browser, tasklistTask(await taskOf(options.tasklist, instanceKey)), options);
}

async function* look<Texts>(browser: Browser, screen: Screen<Texts>, options: Options): AsyncIterable<Seen> {
  await using page = await browser.open();
  await page.goTo(screen.url);
  let mayLogIn = true;
  const texts = await page.readUntil(
    async () => {
      if (mayLogIn && (await page.texts("#kc-login")).length > 0) {
        mayLogIn = false;
        await logIn(page, options.password);
      }
      return await screen.read(page);
    },
    screen.isComplete,
    pageLimitMs,
  );
  await options.keepPicture(screen.id, await page.screenshot());
  yield observation("screen", screen.id, { digest: digestOf(texts) });
}

async function logIn(page: BrowserPage, password: string): Promise<void> {
  await page.fill("#username", userName);
  await page.fill("#password", password);
  await page.follow("#kc-login");
}

async function taskOf(tasklist: WebClient, instanceKey: string): Promise<string> {
  for await (const { id } of searchTasklist(tasklist, { processInstanceKey: instanceKey })) return id;
  return "none";
}

const operateProcesses: Screen<readonly string[]> = {
  id: "operate/processes",
  url: operateAddress,
  read: async (page) => processesIn((await page.texts("body")).join("\n")),
  isComplete: (processes) => processes.length > 0,
};

interface InstanceTexts {
  readonly process: string;
  readonly state: string;
  readonly history: readonly string[];
  readonly variables: readonly string[];
}

function operateInstance(instanceKey: string): Screen<InstanceTexts> {
  const history = `[data-testid="instance-history"]`;
  const header = `[data-testid="instance-header"]`;
  return {
    id: "operate/instance",
    url: `${operateAddress}/processes/${instanceKey}`,
    read: async (page) => {
      const [headerIcon] = await page.attributes(`${header} svg[data-testid$="-icon"]`, "data-testid");
      const nodes = await page.attributes(`${history} [role="treeitem"]`, "aria-label");
      const icons = await page.attributes(`${history} svg[data-testid$="-icon"]`, "data-testid");
      const rows = await page.texts(`[data-testid="variables-list"] [data-testid^="variable-"]`);
      return {
        process: (await page.texts(`${header} td`))[0] ?? "",
        state: stateIn(headerIcon ?? ""),
        history: withStates(nodes, icons),
        variables: rows.map((row) => linesOf(row).join(" = ")).toSorted(),
      };
    },
    isComplete: ({ process, state, history: shown, variables }) =>
      process !== "" &&
      state !== "" &&
      shown.some((node) => node.startsWith("Approve the request: ")) &&
      ["assignee = ", "ref = "].every((name) => variables.some((variable) => variable.startsWith(name))),
  };
}

interface TaskTexts {
  readonly task: readonly string[];
  /** What stands in the fields of the variables, which is no text of the page. */
  readonly values: readonly string[];
}

/** Titles of the fields of fixtures/camunda/approval.form. */
const formFields = ["Comment", "Approved"];
const variableFields = ["assignee", "ref"];

/**
 * The form, or the variables in its place: 8.6.0 shows those for a task that was imported before its form was, and goes
 * on doing so.
 */
function tasklistTask(taskId: string): Screen<TaskTexts> {
  return {
    id: "tasklist/task",
    url: `${tasklistAddress}/${taskId}`,
    read: async (page) => ({
      // The details beside it begin with the time of its creation.
      task: linesBefore("Details", (await page.texts(`[data-testid="details-info"]`)).join("\n")),
      values: await page.values(`[data-testid="variables-table"] input`),
    }),
    isComplete: ({ task, values }) => {
      const shows = (titles: readonly string[]) => titles.every((title) => task.includes(title));
      if (!shows(["Assigned to me", "Complete Task"])) return false;
      const filled = values.filter((value) => value !== "").length;
      return shows(formFields) || (shows(variableFields) && filled >= variableFields.length);
    },
  };
}
