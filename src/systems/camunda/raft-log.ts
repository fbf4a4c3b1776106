/**
 * How far a partition's log reaches, read from its segment files while the broker is down. Layout of 8.6.0, found by
 * comparing bytes with what the broker says of itself: a segment begins with its descriptor; each record that follows is a
 * frame byte, a header with the record's length, and the record: index, sequence number, and for records of the
 * application the lowest and the highest position that they hold.
 */

const descriptorBytes = 57;
const frameBytes = 1;
/** SBE header, checksum, length. */
const metadataBytes = 8 + 8 + 4;
/** SBE header, index, sequence number, length of the data. */
const recordBytes = 8 + 8 + 8 + 4;
/** SBE header, term, type, SBE header; the lowest position stands before the highest. */
const highestPositionAt = recordBytes + 8 + 8 + 1 + 8 + 8;
const sequenceNumberAt = 16;
const recordFrame = 1;

/** Highest position in one segment; 0 where it holds no record of the application. */
export function highestPosition(segment: Buffer): number {
  let highest = 0n;
  let at = descriptorBytes;
  while (at + frameBytes + metadataBytes < segment.length && segment[at] === recordFrame) {
    const length = segment.readUInt32LE(at + frameBytes + metadataBytes - 4);
    const record = segment.subarray(
      at + frameBytes + metadataBytes,
      at + frameBytes + metadataBytes + length,
    );
    if (record.length < length) break;
    // Records of the cluster itself have no sequence number, -1.
    if (record.readBigInt64LE(sequenceNumberAt) >= 0n && length >= highestPositionAt + 8) {
      const position = record.readBigUInt64LE(highestPositionAt);
      if (position > highest) highest = position;
    }
    at += frameBytes + metadataBytes + length;
  }
  return Number(highest);
}
