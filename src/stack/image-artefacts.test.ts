import { expect, test } from "vitest";
import { requirementOf } from "./image-artefacts.ts";

test("a wheel and a source distribution name the package and version that pip is asked for", () => {
  expect(requirementOf("attrs-26.1.0-py3-none-any.whl")).toBe("attrs==26.1.0");
  expect(requirementOf("backports.shutil_get_terminal_size-1.0.0-py2.py3-none-any.whl")).toBe(
    "backports.shutil_get_terminal_size==1.0.0",
  );
  expect(requirementOf("cloudify-common-7.0.5.tar.gz")).toBe("cloudify-common==7.0.5");
  expect(requirementOf("wagon-1.0.3.tar.gz")).toBe("wagon==1.0.3");
});
