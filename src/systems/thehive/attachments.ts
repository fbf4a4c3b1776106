import { crc32, deflateSync } from "node:zlib";
import { sha256Of } from "../../stores/digest.ts";
import type { Random } from "../../core/random.ts";
import type { IncidentTexts } from "./incident-texts.ts";

/** Attachments of real file types, built byte by byte from the seed. */

export interface PlannedFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** TheHive names a stored file by this. */
  readonly sha256: string;
  /** Content that several records refer to; it is never deleted. */
  readonly isShared: boolean;
}

const kilobyte = 1024;
const megabyte = kilobyte * kilobyte;

const builders: readonly {
  readonly extension: string;
  readonly contentType: string;
  readonly build: (text: string) => Buffer;
}[] = [
  { extension: "txt", contentType: "text/plain", build: (text) => Buffer.from(`${text}\n`) },
  {
    extension: "json",
    contentType: "application/json",
    build: (text) => Buffer.from(JSON.stringify({ note: text, indicators: [1, "zwei", null] }, null, 2)),
  },
  { extension: "eml", contentType: "message/rfc822", build: mailOf },
  { extension: "pdf", contentType: "application/pdf", build: pdfOf },
  { extension: "png", contentType: "image/png", build: pngOf },
];

/** A file whose content no other record has: `label` is unique within a run. */
export function uniqueFile(label: string, random: Random, texts: IncidentTexts): PlannedFile {
  const { extension, contentType, build } = random.pick(builders);
  return plannedFile({
    name: texts.fileName(extension),
    contentType,
    bytes: build(`${label}: ${texts.description()}`),
    isShared: false,
  });
}

/** A file of three to five megabytes. */
export function largeFile(label: string, random: Random): PlannedFile {
  const block = Buffer.from(Array.from({ length: 16 * kilobyte }, () => random.whole(256)));
  const length = 3 * megabyte + random.whole(2 * megabyte);
  const bytes = Buffer.alloc(length, block);
  // Blocks differ from each other, so that a lost or repeated block changes the digest of any part.
  for (let at = 0; at + 4 <= length; at += block.length) bytes.writeUInt32BE(at, at);
  bytes.write(label);
  return plannedFile({
    name: `memory-image-${label}.bin`,
    contentType: "application/octet-stream",
    bytes,
    isShared: false,
  });
}

/** Contents that many records share, the empty file among them. */
export function sharedFiles(seed: number): readonly PlannedFile[] {
  const shared = builders.map(({ extension, contentType, build }) =>
    plannedFile({
      name: `playbook größe ${seed}.${extension}`,
      contentType,
      bytes: build(`shared playbook ${seed}`),
      isShared: true,
    }),
  );
  return [
    ...shared,
    plannedFile({ name: "empty.log", contentType: "text/plain", bytes: Buffer.alloc(0), isShared: true }),
  ];
}

function plannedFile(file: Omit<PlannedFile, "sha256">): PlannedFile {
  return { ...file, sha256: sha256Of(file.bytes) };
}

function mailOf(text: string): Buffer {
  const subject = `=?UTF-8?B?${Buffer.from("Überfällige Rechnung").toString("base64")}?=`;
  const head = [
    "From: invoice@example.net",
    "To: finance@example.com",
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${text.replaceAll("\n", "\r\n")}\r\n`);
}

function pdfOf(text: string): Buffer {
  const stream = `BT /F1 12 Tf 40 750 Td <${Buffer.from(text).toString("hex")}> Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let document = "%PDF-1.4\n";
  const offsets = objects.map((body, index) => {
    const offset = document.length;
    document += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return String(offset).padStart(10, "0");
  });
  const table = offsets.map((offset) => `${offset} 00000 n \n`).join("");
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${document.length}\n%%EOF\n`;
  return Buffer.from(
    `${document}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`,
    "latin1",
  );
}

/** One grey pixel, and the text in a chunk of its own. */
function pngOf(text: string): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const chunks = [
    pngChunk("IHDR", header),
    pngChunk("iTXt", Buffer.concat([Buffer.from("Comment\0\0\0\0\0", "latin1"), Buffer.from(text)])),
    pngChunk("IDAT", deflateSync(Buffer.from([0, 128]))),
    pngChunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...chunks]);
}

function pngChunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}
