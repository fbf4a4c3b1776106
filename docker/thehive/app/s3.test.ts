import { expect, test } from "vitest";
import { signatureHeaders } from "./s3.ts";

// That a real server accepts the signature is shown by the drill thehive/hot-s3; here, what it depends on.
const settings = {
  region: "us-east-1",
  accessKey: "AKIAIOSFODNN7EXAMPLE",
  secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const request = {
  method: "GET",
  url: new URL("http://s3:9000/thehive/attachment/aa"),
  content: Buffer.alloc(0),
  at: new Date("2013-05-24T00:00:00Z"),
};

test("a signature names who signs, when, and what", () => {
  const headers = signatureHeaders(settings, request);
  expect(headers["x-amz-date"]).toBe("20130524T000000Z");
  expect(headers["x-amz-content-sha256"]).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  expect(headers["authorization"]).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20130524\/us-east-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
  );
});

test("another method, path, content, time or secret gives another signature", () => {
  const signatureOf = (change: Partial<typeof request>, secretKey = settings.secretKey) =>
    signatureHeaders({ ...settings, secretKey }, { ...request, ...change })["authorization"];
  const signatures = [
    signatureOf({}),
    signatureOf({ method: "PUT" }),
    signatureOf({ url: new URL("http://s3:9000/thehive/attachment/bb") }),
    signatureOf({ content: Buffer.from("x") }),
    signatureOf({ at: new Date("2013-05-24T00:00:01Z") }),
    signatureOf({}, "another"),
  ];
  expect(new Set(signatures).size).toBe(signatures.length);
});
