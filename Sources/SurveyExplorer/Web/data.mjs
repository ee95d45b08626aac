// The data that the page carries: blocks of base64, compressed by DEFLATE.

/** @typedef {{id: string, category: string, name: string, label: string | null, module: string}} Item */
/** @typedef {{caption: string, notes: string[], columns: Record<string, any[]>}} Columns */
/** @typedef {{name: string, kind: string, values: any[], texts?: (string | null)[]}} VariableData */
/** @typedef {{paper: number, version: number | null, rater: string | null, cells: string}} Reading */
/**
 * @typedef {object} Tension
 * @property {string} name
 * @property {string} label
 * @property {string} positive
 * @property {string} nuanced
 * @property {number[]} positivePapers
 * @property {number[]} nuancedPapers
 */
/**
 * @typedef {object} Facts
 * @property {string} title
 * @property {string} generator
 * @property {number} level
 * @property {number} z
 * @property {number} rows
 * @property {number} papers
 * @property {boolean} weighted
 * @property {string[]} selection
 * @property {string | null} textRemark
 * @property {string[]} remarks
 * @property {string | null} headline
 * @property {string[]} opening
 * @property {string[]} changes
 * @property {Item[]} items
 * @property {string[]} slugs
 * @property {VariableData[]} variables
 * @property {(number | null)[]} scores
 * @property {Record<string, Columns>} tables
 * @property {{column: string, rates: Columns, differences?: Columns}[]} groups
 * @property {Tension[]} tensions
 * @property {Reading[]} readings
 * @property {number[]} citations
 * @property {{names: string[], cells: (number | number[])[]}=} sources
 * @property {[number, number, number][]} credits
 */
/**
 * @typedef {object} Texts
 * @property {string[][]} authors
 * @property {string[][]} findings
 * @property {[string, string | null, string | null][][]} claims
 * @property {[string, string | null][][]} flags
 * @property {(string | null)[][]} justifications by item, then by paper
 * @property {(string | null)[][]} readings by reading, then by item
 */
/** @typedef {{asked: Uint32Array[], applies: Uint32Array[], yes: Uint32Array[]}} Planes */

/**
 * The bytes that base64 stands for.
 * @param {string} text
 * @returns {Uint8Array}
 */
export function bytesOfBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let place = 0; place < binary.length; place += 1) bytes[place] = binary.charCodeAt(place);
  return bytes;
}

/**
 * Inflates a block of the page.
 * @param {string} text
 * @returns {Promise<Uint8Array>}
 */
export async function inflate(text) {
  if (typeof DecompressionStream === "undefined") {
    throw new Error("this browser cannot inflate the data of the page; one from 2023 or later can");
  }
  const stream = new Blob([bytesOfBase64(text)]).stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Text whose frequent words are one or two bytes each: the length of the list of words, the list, the text.
 *
 * 128 to 237 are words, 238 to 254 begin the two bytes of further ones, 255 stands before a character
 * beyond ASCII; between two words is a space.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function decodeWords(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const words = new TextDecoder().decode(bytes.subarray(4, 4 + length)).split("\n");
  const encoder = new TextEncoder();
  const spelled = words.map((word) => encoder.encode(word));
  let text = new Uint8Array(4 * bytes.length);
  let end = 0;
  let followsWord = false;
  const reserve = (/** @type {number} */ count) => {
    if (end + count <= text.length) return;
    const longer = new Uint8Array(2 * text.length + count);
    longer.set(text);
    text = longer;
  };
  for (let place = 4 + length; place < bytes.length; place += 1) {
    const byte = bytes[place];
    if (byte >= 128 && byte < 255) {
      let code = byte - 128;
      if (code >= 110) {
        place += 1;
        code = 110 + 128 * (code - 110) + bytes[place] - 128;
      }
      const word = spelled[code];
      reserve(word.length + 1);
      if (followsWord) {
        text[end] = 32;
        end += 1;
      }
      text.set(word, end);
      end += word.length;
      followsWord = true;
      continue;
    }
    followsWord = false;
    reserve(4);
    if (byte < 128) {
      text[end] = byte;
      end += 1;
      continue;
    }
    place += 1;
    const count = bytes[place] >= 0xf0 ? 4 : bytes[place] >= 0xe0 ? 3 : 2;
    text.set(bytes.subarray(place, place + count), end);
    end += count;
    place += count - 1;
  }
  return new TextDecoder().decode(text.subarray(0, end));
}

/**
 * Takes the facts apart: a document, and three planes of bits.
 * @param {Uint8Array} bytes
 * @returns {{facts: Facts, planes: Planes}}
 */
export function readFacts(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  /** @type {Facts} */
  const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const words = Math.ceil(facts.rows / 32);
  let place = 4 + length;
  const plane = () => facts.items.map(() => {
    const column = new Uint32Array(words);
    for (let word = 0; word < words; word += 1, place += 4) column[word] = view.getUint32(place, true);
    return column;
  });
  return { facts, planes: { asked: plane(), applies: plane(), yes: plane() } };
}
