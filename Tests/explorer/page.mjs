// Reads the data of a page that `metastat explore` has made, and runs the program beside it.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { decodeWords, readFacts } from "../../Sources/SurveyExplorer/Web/data.mjs";
import { Corpus } from "../../Sources/SurveyExplorer/Web/corpus.mjs";

/** A block of a page, decoded. */
function block(html, name) {
  const found = html.match(new RegExp(`<script type="text/plain" id="${name}">([^<]*)</script>`));
  return found ? inflateRawSync(Buffer.from(found[1], "base64")) : null;
}

/** The corpus of a page, with its texts. */
export function readPage(path) {
  const html = readFileSync(path, "utf8");
  const { facts, planes } = readFacts(new Uint8Array(block(html, "facts")));
  const texts = block(html, "texts");
  return { html, corpus: new Corpus(facts, planes), texts: texts ? JSON.parse(decodeWords(new Uint8Array(texts))) : null };
}

/** The rows of CSV; `NA` and what is empty are null. */
export function readCSV(text) {
  const rows = [];
  let row = [];
  let field = "";
  let isQuoted = false;
  for (let place = 0; place < text.length; place += 1) {
    const letter = text[place];
    if (isQuoted) {
      if (letter !== '"') field += letter;
      else if (text[place + 1] === '"') { field += '"'; place += 1; } else isQuoted = false;
    } else if (letter === '"') isQuoted = true;
    else if (letter === "," || letter === "\n") {
      row.push(field);
      field = "";
      if (letter === "\n") { rows.push(row); row = []; }
    } else field += letter;
  }
  const [head, ...body] = rows;
  return body.map((values) => Object.fromEntries(head.map((name, place) => (
    [name, values[place] === "NA" || values[place] === "" ? null : values[place]]))));
}

/** The table that the program makes. */
export function metastat(...words) {
  const program = process.env.METASTAT ?? ".build/release/metastat";
  return readCSV(execFileSync(program, [...words, "--format", "csv", "--quiet"], { encoding: "utf8", maxBuffer: 1 << 28 }));
}

/** The corpora that `scripts/explorer-tests` has made, with their pages. */
export const corpora = (process.env.EXPLORER_CORPORA ?? "").split(" ").filter((name) => name !== "")
  .map((entry) => {
    const [name, input, page, ...options] = entry.split("|");
    return { name, input, page, options: options.filter((word) => word !== "") };
  });
