/** Files in one ZIP file, stored as they are: pictures are compressed already (PKWARE's APPNOTE, 4.3 and 4.4). */

/** Of CRC-32, by byte. */
const TABLE = Uint32Array.from({ length: 256 }, (_, number) => {
  let value = number;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
const UTF8 = 0x800;
const VERSION = 20;
/** 1 January 1980: the same files make the same ZIP. */
const FIRST_DAY = 0x21;

/** @param {Record<string, Blob>} files by name @returns {Promise<Blob>} */
export async function zip(files) {
  /** @type {Uint8Array[]} */
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [name, file] of Object.entries(files)) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const label = new TextEncoder().encode(name);
    const shared = [VERSION, UTF8, 0, 0, FIRST_DAY, [crc(bytes)], [bytes.length], [bytes.length], label.length, 0];
    const header = numbers([[0x04034b50], ...shared]);
    directory.push(numbers([[0x02014b50], VERSION, ...shared, 0, 0, 0, [0], [offset]]), label);
    parts.push(header, label, bytes);
    offset += header.length + label.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = directory.length / 2;
  const end = numbers([[0x06054b50], 0, 0, count, count, [size], [offset], 0]);
  return new Blob(/** @type {BlobPart[]} */ ([...parts, ...directory, end]), { type: "application/zip" });
}

/** Little-endian numbers of 2 bytes, or of 4 where they stand in a list. @param {(number | number[])[]} values */
function numbers(values) {
  const bytes = values.flatMap((value) => {
    const [number, width] = Array.isArray(value) ? [value[0], 4] : [value, 2];
    return Array.from({ length: width }, (_, place) => (number >>> (8 * place)) & 0xff);
  });
  return Uint8Array.from(bytes);
}

/** @param {Uint8Array} bytes */
function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
