import { describe, expect, test } from "vitest";
import { mirrorOf, parseOsRelease, suiteOf } from "./engine.ts";

const debianSources = `Types: deb
# http://snapshot.example/archive/debian/20250520T000000Z
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
`;

describe("the machine's own package sources", () => {
  test("the mirror is the first one in use, not an address in a comment", () => {
    expect(mirrorOf(debianSources)).toBe("http://mirror.example/debian");
  });

  test("the release is the first suite", () => {
    expect(suiteOf(debianSources)).toBe("bookworm");
  });

  test("a file without sources gives neither", () => {
    expect([mirrorOf("# URIs: http://mirror.example\n"), suiteOf("")]).toEqual([undefined, undefined]);
  });
});

test("values of os-release lose their quotes", () => {
  const system = parseOsRelease(
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n',
  );
  expect(Object.fromEntries(system)).toEqual({
    PRETTY_NAME: "Debian GNU/Linux 12 (bookworm)",
    ID: "debian",
    VERSION_CODENAME: "bookworm",
  });
});
