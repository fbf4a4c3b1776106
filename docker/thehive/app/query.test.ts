import { expect, test } from "vitest";
import { parseQuery } from "./query.ts";

const all = { label: "Case", after: 0n, from: 0, to: undefined, filters: [], order: undefined };

test("a list alone asks for all entities of its label", () => {
  expect(parseQuery({ query: [{ _name: "listCase" }] })).toEqual({ listing: all, countOnly: false });
});

test("keyset paging keeps an id above 2^53 exactly", () => {
  const steps = [
    { _name: "listCase" },
    { _name: "filter", _gt: { _field: "_id", _value: "~9007199254740993" } },
    { _name: "page", from: 0, to: 200 },
  ];

  expect(parseQuery({ query: steps })).toEqual({
    listing: { ...all, after: 9_007_199_254_740_993n, to: 200 },
    countOnly: false,
  });
});

test("conditions joined by _and narrow one another, and count asks for their number", () => {
  const conditions = [
    { _field: "status", _value: "New" },
    { _like: { _field: "title", _value: "*Phishing*" } },
    { _eq: { _field: "_createdBy", _value: "a" } },
  ];
  const steps = [{ _name: "listCase" }, { _name: "filter", _and: conditions }, { _name: "count" }];

  expect(parseQuery({ query: steps })).toEqual({
    listing: {
      ...all,
      filters: [
        { field: "status", kind: "equal", value: "New" },
        { field: "title", kind: "word", value: "phishing" },
        { field: "createdBy", kind: "equal", value: "a" },
      ],
    },
    countOnly: true,
  });
});

test("a star at the end alone asks for the beginning of a word", () => {
  const { listing } = parseQuery({
    query: [{ _name: "listCase" }, { _name: "filter", _like: { _field: "title", _value: "Phish*" } }],
  });

  expect(listing.filters).toEqual([{ field: "title", kind: "prefix", value: "phish" }]);
});

test("a sort names one field, and ids ascending are the default", () => {
  const sorted = (fields: unknown) =>
    parseQuery({ query: [{ _name: "listCase" }, { _name: "sort", _fields: fields }] }).listing.order;

  expect(sorted([{ number: "desc" }])).toEqual({ field: "number", descending: true });
  expect(sorted([{ _id: "asc" }])).toBeUndefined();
});

test.each([
  [[]],
  [[{ _name: "listSecret" }]],
  [[{ _name: "listCase" }, { _name: "tasks" }]],
  [[{ _name: "listCase" }, { _name: "filter", _or: [] }]],
  [[{ _name: "listCase" }, { _name: "filter", _field: "password", _value: "x" }]],
  [[{ _name: "listCase" }, { _name: "filter", _gt: { _field: "number", _value: 1 } }]],
  [[{ _name: "listCase" }, { _name: "filter", _gt: { _field: "_id", _value: "5" } }]],
  [[{ _name: "listCase" }, { _name: "page", from: 5, to: 1 }]],
  [
    [
      { _name: "listCase" },
      { _name: "sort", _fields: [{ number: "asc" }] },
      { _name: "filter", _gt: { _field: "_id", _value: "~8" } },
    ],
  ],
])("the query %j is refused rather than answered too widely", (query) => {
  expect(() => parseQuery({ query })).toThrow(expect.objectContaining({ status: 400 }));
});
